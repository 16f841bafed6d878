import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { parseSync, Visitor } from 'rolldown/utils';

/** One file that names another, or a package. */
export interface Import {
  /** A path below `src`, with `/`. */
  readonly from: string;
  /** The same; `npm:lit` for a package, `../guest/house.iso` for what lies beside `src`. */
  readonly to: string;
  /** `type`: nothing is loaded for it. `worker`: it is started as one and shares no code with who starts it. */
  readonly kind: 'value' | 'type' | 'worker';
}

export interface SourceFile {
  /** Below `src`, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** All TypeScript of `src` that ships: no tests and none of their helpers. */
export function readSourceFiles(src: string): SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('testing/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(src, path), 'utf8') }));
}

/**
 * What a file imports, in its order: `import` and `export … from` of values and of types, `import()`, the type
 * `import('…').T`, and the `new URL('./x.ts', import.meta.url)` that starts a worker. Throws where it does not parse.
 */
export function importsOf({ path, text }: SourceFile): Import[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const found: Import[] = [];
  const add = (specifier: string, kind: Import['kind']) =>
    found.push({ from: path, to: target(path, specifier), kind });
  new Visitor({
    ImportDeclaration({ source, importKind, specifiers }) {
      const types =
        specifiers.length > 0 &&
        specifiers.every((each) => each.type === 'ImportSpecifier' && each.importKind === 'type');
      add(source.value, importKind === 'type' || types ? 'type' : 'value');
    },
    ExportNamedDeclaration({ source, exportKind }) {
      if (source) add(source.value, exportKind === 'type' ? 'type' : 'value');
    },
    ExportAllDeclaration({ source, exportKind }) {
      add(source.value, exportKind === 'type' ? 'type' : 'value');
    },
    ImportExpression({ source }) {
      if (source.type === 'Literal' && typeof source.value === 'string') add(source.value, 'value');
    },
    TSImportType({ source }) {
      add(source.value, 'type');
    },
    NewExpression({ callee, arguments: [address] }) {
      if (callee.type !== 'Identifier' || callee.name !== 'URL' || address?.type !== 'Literal') return;
      const { value } = address;
      if (typeof value === 'string' && value.startsWith('.') && value.endsWith('.ts')) add(value, 'worker');
    },
  }).visit(program);
  return found;
}

/** `npm:v86` of `v86/build/v86.wasm?url`, `npm:@lit/context` of itself. */
function target(from: string, specifier: string): string {
  const [plain] = specifier.split('?');
  if (plain.startsWith('.')) return join(dirname(from), plain);
  const parts = plain.split('/');
  return `npm:${parts.slice(0, plain.startsWith('@') ? 2 : 1).join('/')}`;
}
