/**
 * Whether two fingerprints of a disk image, as text, are of the same one. For each of its files they tell
 * `size:time:samples:more`, apart by spaces. Times are compared only where both have one (a machine that came out of a
 * file knows none) and not both have looked at more than samples (older ones have not).
 */
export function isSameImage(one: string, other: string): boolean {
  const [files, others] = [one.split(' '), other.split(' ')];
  return files.length === others.length && files.every((file, i) => isSameFile(file, others[i]));
}

/** Whether a time of any of the image's files is unknown. */
export function lacksTime(fingerprint: string): boolean {
  return fingerprint.split(' ').some((file) => (file.split(':')[1] ?? '') === '');
}

function isSameFile(one: string, other: string): boolean {
  if (one === other) return true;
  const [size, time = '', samples, more = ''] = one.split(':');
  const [otherSize, otherTime = '', otherSamples, otherMore = ''] = other.split(':');
  if (size !== otherSize || samples !== otherSamples) return false;
  if (more !== '' && otherMore !== '') return more === otherMore;
  return time === '' || otherTime === '' || time === otherTime;
}
