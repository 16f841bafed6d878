import { parseArgs } from 'node:util';
import { EDITIONS, type AnswerOptions, type Edition } from '../src/media/answer/answer-options.ts';
import { END_MARKER, STAGE_MARKER } from '../src/media/answer/setup-scripts.ts';

/** What one run is asked to do. */
export interface PrepareOptions {
  disc: string;
  disk: string;
  size: string;
  memoryMiB: number;
  /** A floppy image to use instead of one made here. */
  floppy: string | null;
  answer: Partial<AnswerOptions>;
  display: string | null;
  /** The one accelerator to use, instead of those that QEMU tries in turn. */
  accel: string | null;
  qemu: string;
  qemuImg: string;
  restart: boolean;
  dryRun: boolean;
  stageMarker: string;
  endMarker: string;
  graceSeconds: number;
}

/** A command line that cannot be carried out; the message says what to write instead. */
export class UsageError extends Error {}

export const USAGE = `Installs Windows 7 from your own 32-bit disc on a disk image for Vitrine, in QEMU.

  prepare/windows7.sh --disc FILE.iso [options]        (on Windows: prepare\\windows7.ps1)

  --disc FILE           your Windows 7 disc, 32-bit (.iso); never downloaded, never changed
  --disk FILE           the disk image to make (windows7.qcow2)
  --size SIZE           size of the disk (20G)
  --memory MIB          memory of the machine, 512 to 2047 (1024)
  --edition NAME        ${Object.keys(EDITIONS).join(', ')}, or the exact name on the disc
  --language TAG        language of the disc, such as en-US (as the disc says)
  --keyboard ID         such as 0409:00000409, or a language (as the language)
  --user NAME           name of the account (Visitor)
  --computer-name NAME  (VITRINE)
  --time-zone NAME      a name from Windows' list (UTC)
  --screen WxH          (1024x768)
  --floppy FILE         an answer floppy made before, instead of the five above
  --display KIND        window of QEMU: gtk, sdl, cocoa, none, ... (QEMU's own choice)
  --accel NAME          kvm, hvf, whpx or tcg (the computer's own, else tcg, which works everywhere)
  --qemu PROGRAM        (qemu-system-i386)
  --qemu-img PROGRAM    (qemu-img)
  --restart             throw the unfinished or finished disk away and begin again
  --dry-run             print the commands and do nothing
  --help

For tests: --stage-marker TEXT, --end-marker TEXT (on the guest's serial port), --grace SECONDS.`;

const SEVERAL_PROCESSORS =
  'Windows 7 has to be installed on a machine with one processor. Installed with several it keeps to the kernel and ' +
  'HAL for several, and stops in Vitrine with STOP 0x0000005C. Leave out';

/** Reads the command line; null means that help was asked for. */
export function parseOptions(args: string[]): PrepareOptions | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        disc: text,
        disk: text,
        size: text,
        memory: text,
        edition: text,
        language: text,
        keyboard: text,
        user: text,
        'computer-name': text,
        'time-zone': text,
        screen: text,
        floppy: text,
        display: text,
        accel: text,
        qemu: text,
        'qemu-img': text,
        smp: text,
        processors: text,
        cpus: text,
        restart: flag,
        'dry-run': flag,
        help: flag,
        'stage-marker': text,
        'end-marker': text,
        grace: text,
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return null;
  for (const name of ['smp', 'processors', 'cpus'] as const) {
    if (values[name] !== undefined && values[name] !== '1')
      throw new UsageError(`${SEVERAL_PROCESSORS} --${name}.`);
  }
  if (values.disc === undefined) throw new UsageError('Name your Windows 7 disc: --disc FILE.iso');
  const size = values.size ?? '20G';
  if (!/^\d{1,4}G$/u.test(size) || Number.parseInt(size, 10) < 16) {
    throw new UsageError(`--size ${size}: Windows 7 needs at least 16G, written like 20G.`);
  }
  return {
    disc: values.disc,
    disk: values.disk ?? 'windows7.qcow2',
    size,
    memoryMiB: readNumber('memory', values.memory ?? '1024', 512, 2047),
    floppy: values.floppy ?? null,
    answer: readAnswer(values),
    display: values.display ?? null,
    accel: values.accel ?? null,
    qemu: values.qemu ?? 'qemu-system-i386',
    qemuImg: values['qemu-img'] ?? 'qemu-img',
    restart: values.restart ?? false,
    dryRun: values['dry-run'] ?? false,
    stageMarker: values['stage-marker'] ?? STAGE_MARKER,
    endMarker: values['end-marker'] ?? END_MARKER,
    graceSeconds: readNumber('grace', values.grace ?? '180', 0, 3600),
  };
}

function readAnswer(values: Readonly<Record<string, string | boolean | undefined>>): Partial<AnswerOptions> {
  const answer: Partial<AnswerOptions> = {};
  const given = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const edition = given('edition');
  if (edition !== undefined) answer.edition = isEdition(edition) ? edition : { imageName: edition };
  const screen = given('screen');
  if (screen !== undefined) {
    const match = /^(\d{3,4})x(\d{3,4})$/u.exec(screen);
    if (match === null) throw new UsageError(`--screen ${screen}: write it like 1024x768.`);
    answer.screen = { width: Number(match[1]), height: Number(match[2]) };
  }
  const texts = {
    language: given('language'),
    keyboard: given('keyboard'),
    userName: given('user'),
    computerName: given('computer-name'),
    timeZone: given('time-zone'),
  };
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined) Object.assign(answer, { [name]: value });
  }
  return answer;
}

const isEdition = (name: string): name is Edition => Object.hasOwn(EDITIONS, name);

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} ${text}: a whole number from ${least} to ${most}.`);
}
