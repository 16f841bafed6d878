/** Text without the `letters` at its end. (A regular expression for it begins anew at each of them in the middle.) */
export function trimEnd(text: string, letters: string): string {
  let end = text.length;
  while (end > 0 && letters.includes(text[end - 1])) end--;
  return text.slice(0, end);
}
