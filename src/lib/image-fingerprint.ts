/**
 * Whether two fingerprints of a disk image, as text, are of the same one. For each of its files they tell
 * `size:time:samples`, apart by spaces; a time is compared only where both have it: a machine that came out of a file
 * knows none.
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
  const [size, time = '', samples] = one.split(':');
  const [otherSize, otherTime = '', otherSamples] = other.split(':');
  const timesFit = time === '' || otherTime === '' || time === otherTime;
  return size === otherSize && samples === otherSamples && timesFit;
}
