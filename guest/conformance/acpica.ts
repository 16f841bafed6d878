import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The compiler's remark that ACPI 6 has another word for a processor; systems of Windows 7's time want this one. */
const OLD_PROCESSOR = '3168';
/** The control structure has no header of a table. */
const WITHOUT_HEADER = new Set(['FACS']);

/** Whether the reference compiler and interpreter of the firmware's language are here (Debian: acpica-tools). */
export function acpicaIsThere(): boolean {
  return !spawnSync('iasl', ['-v']).error && !spawnSync('acpiexec', ['-v']).error;
}

/** What the compiler has against tables, taken apart and put together again; nothing where they are clean. */
export function compilerComplaints(tables: ReadonlyMap<string, Uint8Array>): string[] {
  return inFolder((run, file) => {
    const complaints: string[] = [];
    for (const [signature, bytes] of tables) {
      if (WITHOUT_HEADER.has(signature)) continue;
      writeFileSync(file(`${signature}.aml`), bytes);
      const apart = run('iasl', '-d', `${signature}.aml`);
      const { text } = run('iasl', '-vw', OLD_PROCESSOR, '-p', `${signature}-again`, `${signature}.dsl`);
      if (apart.status !== 0 || !text.includes(' 0 Errors, 0 Warnings'))
        complaints.push(`${signature}: ${apart.status === 0 ? text : apart.text}`);
    }
    return complaints;
  });
}

/** The source that the compiler makes of a table. */
export function disassembled(bytes: Uint8Array): string {
  return inFolder((run, file) => {
    writeFileSync(file('table.aml'), bytes);
    run('iasl', '-d', 'table.aml');
    return readFileSync(file('table.dsl'), 'latin1');
  });
}

export interface Evaluation {
  /** The object's whole name. */
  readonly path: string;
  /** What the interpreter printed of it. */
  readonly result: string;
  readonly failed: boolean;
}

/** Every object of these names, wherever it is in the namespace, evaluated by the reference interpreter. */
export function evaluateAll(dsdt: Uint8Array, names: readonly string[]): Evaluation[] {
  return inFolder((run, file) => {
    writeFileSync(file('DSDT.aml'), dsdt);
    const ask = (commands: readonly string[]) => run('acpiexec', '-b', commands.join(';'), 'DSDT.aml').text;
    const paths = [
      ...ask(names.map((name) => `find ${name}`)).matchAll(/^ +(\\\S+) (?:Method|Buffer|Package|Integer)/gm),
    ].map(([, path]) => path);
    const text = ask(paths.map((path) => `evaluate ${path}`));
    return paths.map((path) => {
      const [, result = ''] = text.split(`Evaluating ${path}\n`);
      const own = result.split('\nEvaluating ')[0];
      const came = own.includes(`Evaluation of ${path} returned object`);
      return { path, result: own, failed: !came || /ACPI (BIOS )?Error|AE_[A-Z]/.test(own) };
    });
  });
}

type Run = (program: string, ...args: string[]) => { status: number | null; text: string };

function inFolder<T>(body: (run: Run, file: (name: string) => string) => T): T {
  const work = mkdtempSync(join(tmpdir(), 'firmware-tables-'));
  try {
    return body(
      (program, ...args) => {
        const { status, stdout, stderr } = spawnSync(program, args, { cwd: work, encoding: 'utf8' });
        return { status, text: `${stdout}${stderr}` };
      },
      (name) => join(work, name),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
