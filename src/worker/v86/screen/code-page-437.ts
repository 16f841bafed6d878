/**
 * Code page 437, the character set of a PC's text modes, as Unicode: what `screenText()` says for each byte.
 * The low 32 codes are shown as pictures there, not obeyed; 0 and 255 look like a space.
 * Mapping: Unicode consortium, VENDORS/MICSFT/PC/CP437.TXT, with the graphics of IBM's GCGID set for 1..31.
 */
const LOW = ' ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼';
const HIGH =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

/** One UTF-16 unit for each of the 256 codes. */
export const CODE_PAGE_437: readonly string[] = Array.from({ length: 256 }, (_, code) => {
  if (code < 32) return LOW[code];
  if (code === 127) return '⌂';
  return code < 127 ? String.fromCharCode(code) : HIGH[code - 128];
});
