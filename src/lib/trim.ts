/** Text without the `letters` at its end. (A regular expression for it begins anew at each of them in the middle.) */
export function trimEnd(text: string, letters: string): string {
  let end = text.length;
  while (end > 0 && letters.includes(text[end - 1])) end--;
  return text.slice(0, end);
}

/** Text without the letters at both ends that `isPadding` says are none of it. */
export function trimBoth(text: string, isPadding: (letter: string) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPadding(text[start])) start++;
  while (end > start && isPadding(text[end - 1])) end--;
  return text.slice(start, end);
}
