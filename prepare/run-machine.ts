import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, fstatSync } from 'node:fs';
import type { Command } from './commands.ts';

export interface MachineWatch {
  command: Command;
  /** Where QEMU writes what the guest says on its serial port. */
  serialPath: string;
  /** Where the guest leaves the end marker, if it has no serial port. */
  floppyPath: string;
  stageMarker: string;
  endMarker: string;
  /** How long a guest that is done may take to power off. */
  graceMs: number;
  onStage(): void;
  signal: AbortSignal;
}

const STOPPED =
  'The machine stopped: the accelerator of this computer failed. Try again with --restart --accel tcg.';
const POLL_MS = 500;
/** Markers are short; this much of the log's end is looked at each time. */
const TAIL_BYTES = 64 << 10;

/**
 * Runs the machine until it is off. `prepared` says whether the guest said that it is done; a guest that then does
 * not power off by itself is ended after the grace. Rejects when QEMU cannot be started
 * or ends with an error, and after `signal` has ended it.
 */
export async function runMachine(watch: MachineWatch): Promise<{ prepared: boolean }> {
  const { program, args } = watch.command;
  const machine = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let messages = '';
  machine.stderr.on('data', (chunk) => (messages = (messages + String(chunk)).slice(-4000)));
  // Nobody pauses the machine from here: it stops like this when an accelerator fails, and would stay so.
  let stopped = false;
  let monitor = '';
  machine.stdout.on('data', (chunk) => {
    monitor = (monitor + String(chunk)).slice(-1000);
    if (!/"event": *"STOP"/u.test(monitor)) return;
    stopped = true;
    machine.kill();
  });
  // QEMU may be gone when it is told to quit.
  machine.stdin.on('error', () => machine.stdin.destroy());
  machine.stdin.write('{"execute":"qmp_capabilities"}\n');

  // Not by spawn's own signal, which does not wait: the disk stays locked until QEMU is gone.
  const interrupt = (): boolean => machine.kill();
  watch.signal.addEventListener('abort', interrupt);
  if (watch.signal.aborted) interrupt();

  let staged = false;
  let preparedAt: number | null = null;
  const look = (): void => {
    const said = readTail(watch.serialPath);
    if (!staged && said.includes(watch.stageMarker)) {
      staged = true;
      watch.onStage();
    }
    if (
      preparedAt === null &&
      (said.includes(watch.endMarker) || readAll(watch.floppyPath).includes(watch.endMarker))
    ) {
      preparedAt = Date.now();
    }
    if (preparedAt !== null && Date.now() - preparedAt >= watch.graceMs && machine.stdin.writable) {
      machine.stdin.write('{"execute":"quit"}\n');
    }
  };
  const timer = setInterval(look, POLL_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      machine.on('error', (error) => {
        reject(new Error(`${program} could not be run: ${error.message}`, { cause: error }));
      });
      machine.on('close', (code) => {
        if (watch.signal.aborted) reject(new Error('interrupted'));
        else if (stopped) reject(new Error(`${STOPPED}\n${messages.trim()}`));
        else if (code === 0) resolve();
        else reject(new Error(`${program} ended with an error.\n${messages.trim()}`));
      });
    });
  } finally {
    clearInterval(timer);
    watch.signal.removeEventListener('abort', interrupt);
  }
  look();
  return { prepared: preparedAt !== null };
}

function readTail(path: string): string {
  return readPart(path, TAIL_BYTES);
}

function readAll(path: string): string {
  return readPart(path, Number.MAX_SAFE_INTEGER);
}

function readPart(path: string, most: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, most));
    const count = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, count).toString('latin1');
  } finally {
    closeSync(file);
  }
}
