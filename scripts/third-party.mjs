import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../', import.meta.url);

/** What is shipped that others wrote: package, licence files in it, and a word on what it is here. */
const SHIPPED = [
  {
    name: 'v86',
    files: ['LICENSE'],
    note: 'The emulator. Its WebAssembly module is shipped with the changes that scripts/engine makes; the rest is used as published.',
  },
  {
    name: 'v86-firmware',
    files: ['LICENSE', 'bios/COPYING.LESSER'],
    note:
      'The npm package v86 0.3.6, from which only two files are shipped, unchanged: bios/seabios.bin (SeaBIOS 1.12.1, ' +
      'GNU LGPL version 3, source at https://www.seabios.org) and bios/vgabios.bin (the LGPL VGABIOS, source at ' +
      'https://www.nongnu.org/vgabios). They are loaded as data by the emulated machine; either may be replaced by ' +
      'another build of the same name. Their sha256 sums are checked at each build.',
  },
  {
    name: 'lit',
    files: ['LICENSE'],
    note: 'With lit-html, lit-element and @lit/reactive-element, same licence.',
  },
  { name: 'idb-keyval', files: ['LICENCE'], note: 'Small reads and writes in IndexedDB.' },
  { name: '7.css', files: ['LICENSE'], note: 'Style sheets of the case’s own controls.' },
  { name: 'valibot', files: ['LICENSE.md'], note: 'The shape of an exhibit file.' },
  {
    name: 'jsonc-parser',
    files: ['LICENSE.md'],
    note: 'Lines and columns of what is wrong in an exhibit file.',
  },
  { name: 'fflate', files: ['LICENSE'], note: 'DEFLATE of compressed disk images.' },
  { name: 'hash-wasm', files: ['LICENSE'], note: 'SHA-1 of a disc, on request.' },
];

/** The whole text of the file THIRD-PARTY. Throws when a dependency is shipped that is not listed above. */
export function thirdPartyText() {
  const { dependencies } = readJson('package.json');
  const listed = new Set(SHIPPED.map(({ name }) => name));
  const missing = Object.keys(dependencies).filter((name) => !listed.has(name));
  if (missing.length > 0) throw new Error(`Not listed in scripts/third-party.mjs: ${missing.join(', ')}`);
  const parts = SHIPPED.map(({ name, files, note }) => {
    const { version, license } = readJson(`node_modules/${name}/package.json`);
    const texts = files.map((file) =>
      readFileSync(new URL(`node_modules/${name}/${file}`, ROOT), 'utf8').trim(),
    );
    return [`${name} ${version} (${license})`, note, ...texts].join('\n\n');
  });
  const rule = `\n\n${'='.repeat(100)}\n\n`;
  const head =
    'Vitrine itself is under the MIT licence (LICENSE). It is shipped together with the following works of others.\n' +
    'Made by scripts/third-party.mjs.';
  return `${[head, ...parts].join(rule)}\n`;
}

function readJson(path) {
  return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('THIRD-PARTY', ROOT), thirdPartyText());
