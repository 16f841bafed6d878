/** The firmware's tables in what `acpidump` wrote: a title with the address, then rows of bytes. A second table of a name is `SSDT2`. */
export function dumpedTables(lines: readonly string[]): Map<string, Uint8Array> {
  const hex = new Map<string, string>();
  let name = '';
  for (const line of lines) {
    const signature = /^(\w{4}) @ 0x/.exec(line)?.[1];
    if (signature) {
      name = signature;
      for (let number = 2; hex.has(name); number++) name = `${signature}${number}`;
      hex.set(name, '');
      continue;
    }
    const row = /^\s+[0-9A-F]+: ((?:[0-9A-F]{2} ){1,16})/.exec(line)?.[1];
    if (row && name) hex.set(name, hex.get(name)! + row);
  }
  return new Map(
    [...hex].map(([signature, text]) => [signature, Buffer.from(text.replaceAll(' ', ''), 'hex')]),
  );
}
