import { dirname, join } from 'node:path/posix';
import { parseAst } from 'vite';

/** Gives the text of a built file by its path from the site's root, like `assets/index.js`. */
export type ReadFile = (path: string) => string;

/**
 * Every script that `index.html` makes the browser load without anybody asking: its module scripts and preloads,
 * and what these import statically, each once. What is imported by a call waits until the call is made.
 */
export function staticScripts(read: ReadFile): string[] {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const specifier of staticImports(read(path))) visit(join(dirname(path), specifier));
  };
  for (const path of scriptsOfHtml(read('index.html'))) visit(path);
  return [...found];
}

function scriptsOfHtml(html: string): string[] {
  const tags = html.match(/<(script|link)\b[^>]*>/g) ?? [];
  return tags.flatMap((tag) => {
    const isScript = tag.startsWith('<script') || /\brel="modulepreload"/.test(tag);
    const address = /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1];
    return isScript && address ? [join('.', address)] : [];
  });
}

function staticImports(code: string): string[] {
  return parseAst(code).body.flatMap((statement) => {
    const imports =
      statement.type === 'ImportDeclaration' ||
      statement.type === 'ExportNamedDeclaration' ||
      statement.type === 'ExportAllDeclaration';
    return imports && statement.source ? [statement.source.value] : [];
  });
}
