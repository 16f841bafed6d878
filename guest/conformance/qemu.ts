import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const QEMU = 'qemu-system-i386';
/** A 32-bit processor with what ours has; the names of QEMU's processors are those of `-cpu help`. */
const PROCESSOR = 'coreduo,-nx';
const PATIENCE_MS = 180_000;

export interface ReferenceOptions {
  readonly disc: string;
  readonly memoryMiB: number;
  readonly diskBytes: number;
  readonly acpi: boolean;
}

/** QEMU's version, or null where it is not installed. */
export function qemuVersion(): string | null {
  const { stdout, error } = spawnSync(QEMU, ['--version'], { encoding: 'utf8' });
  return error ? null : (/version ([\d.]+)/.exec(stdout)?.[1] ?? 'unknown');
}

/** What the reference machine is told to be, as one writes it. */
export function referenceWords({ memoryMiB, acpi }: Pick<ReferenceOptions, 'memoryMiB' | 'acpi'>): string {
  return `QEMU ${qemuVersion()}, -M pc${acpi ? '' : ',acpi=off'} -cpu ${PROCESSOR} -m ${memoryMiB} -vga std, a blank disk, software emulation`;
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

function run({ disc, memoryMiB, acpi }: ReferenceOptions, disk: string): Promise<string> {
  const drive = (id: string, rest: string) => ['-drive', `id=${id},if=ide,${rest}`];
  const child = spawn(
    QEMU,
    [
      `-M ${acpi ? 'pc' : 'pc,acpi=off'} -cpu ${PROCESSOR} -m ${memoryMiB} -vga std -accel tcg -nic none`,
      '-rtc base=localtime -display none -monitor none -serial stdio -boot d',
    ]
      .flatMap((options) => options.split(' '))
      .concat(
        drive('disk', `index=0,file=${disk},format=qcow2`),
        drive('disc', `index=2,media=cdrom,file=${disc},format=raw,readonly=on`),
      ),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return new Promise((resolve, reject) => {
    let serial = '';
    let complaints = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.stdout.on('data', (bytes: Buffer) => {
      serial += bytes.toString('latin1');
      if (serial.includes('PROBE END\r\n')) child.kill('SIGKILL');
    });
    child.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString()));
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(timer);
      if (serial.includes('PROBE END\r\n')) resolve(serial);
      else reject(new Error(`The probe did not end in QEMU. ${complaints}\n${serial.slice(-300)}`));
    });
  });
}
