import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const QEMU = 'qemu-system-i386';
/** A 32-bit processor with what ours has; the names of QEMU's processors are those of `-cpu help`. */
const PROCESSOR = 'coreduo,-nx';
const PATIENCE_MS = 180_000;
const ENDED = /^PROBE END\r?\n/m;

export interface ReferenceOptions {
  readonly disc: string;
  readonly memoryMiB: number;
  readonly diskBytes: number;
  readonly acpi: boolean;
  /** Whether there is a local APIC; the I/O APIC and its table stay. True unless given. */
  readonly apic?: boolean;
  /**
   * Its clocks count the instructions, so that no answer depends on how fast the computer under it is. For what boots a
   * whole system; what measures clocks wants real ones. False unless given.
   */
  readonly countsInstructions?: boolean;
}

/** QEMU's version, or null where it is not installed. */
export function qemuVersion(): string | null {
  const { stdout, error } = spawnSync(QEMU, ['--version'], { encoding: 'utf8' });
  return error ? null : (/version ([\d.]+)/.exec(stdout)?.[1] ?? 'unknown');
}

/** What the reference machine is told to be, as one writes it. */
export function referenceWords(options: Omit<ReferenceOptions, 'disc' | 'diskBytes'>): string {
  return `QEMU ${qemuVersion()}, ${machineOptions(options)}, a blank disk, software emulation`;
}

function machineOptions(options: Omit<ReferenceOptions, 'disc' | 'diskBytes'>): string {
  const { memoryMiB, acpi, apic = true, countsInstructions = false } = options;
  const processor = apic ? PROCESSOR : `${PROCESSOR},-apic`;
  const clock = countsInstructions ? ' -icount shift=2,sleep=off' : '';
  return `-M ${acpi ? 'pc' : 'pc,acpi=off'} -cpu ${processor} -m ${memoryMiB} -vga std${clock}`;
}

/** Boots the probe disc in QEMU's `pc` with a blank disk; gives what it wrote to COM1 up to its end. */
export async function probeReference(options: ReferenceOptions): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'reference-pc-'));
  try {
    const disk = join(work, 'blank.qcow2');
    const made = spawnSync('qemu-img', ['create', '-q', '-f', 'qcow2', disk, String(options.diskBytes)]);
    if (made.status !== 0) throw new Error(`qemu-img could not make a disk: ${made.stderr.toString()}`);
    return await run(options, disk);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(options: ReferenceOptions, disk: string): Promise<string> {
  const drive = (id: string, rest: string) => ['-drive', `id=${id},if=ide,${rest}`];
  const child = spawn(
    QEMU,
    [
      `${machineOptions(options)} -accel tcg -nic none`,
      '-rtc base=localtime -display none -monitor none -serial stdio -boot d',
    ]
      .flatMap((words) => words.split(' '))
      .concat(
        drive('disk', `index=0,file=${disk},format=qcow2`),
        drive('disc', `index=2,media=cdrom,file=${options.disc},format=raw,readonly=on`),
      ),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return new Promise((resolve, reject) => {
    let serial = '';
    let complaints = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.stdout.on('data', (bytes: Buffer) => {
      serial += bytes.toString('latin1');
      if (ENDED.test(serial)) child.kill('SIGKILL');
    });
    child.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString()));
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(timer);
      if (ENDED.test(serial)) resolve(serial);
      else reject(new Error(`The probe did not end in QEMU. ${complaints}\n${serial.slice(-300)}`));
    });
  });
}
