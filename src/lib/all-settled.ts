/**
 * What all of `work` gives, in its order, once the last of it has settled. Rejects with what the first that failed was
 * rejected with, and none of the others goes unheard: for what was begun at once and is used one after the other.
 */
export async function allSettled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
