/**
 * Run by `hostile-files.ts` in a process of its own: takes files as the page and its workers take what a visitor brings,
 * and tells for each what came of it, how much time of the processor it took, and the process's peak memory so far.
 */
import { openAsBlob, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ByteSource } from '../src/bytes/byte-source.ts';
import { MemoryRecordStore } from '../src/disk/memory-record-store.ts';
import type { Step } from '../src/disk/record-store.ts';
import { readExhibit } from '../src/exhibit/read-exhibit.ts';
import { VitrineError } from '../src/lib/errors.ts';
import { asImageFiles, inspectImageFiles } from '../src/media/disk-images/image-files.ts';
import { inspectDiskImage } from '../src/media/disk-images/inspect-disk-image.ts';
import { openDiskImage } from '../src/media/disk-images/open-disk-image.ts';
import { openFileSource } from '../src/media/disk-images/testing/file-source.ts';
import { mediumOf, tellFileKind } from '../src/media/file-kind.ts';
import { inspectDisc } from '../src/media/inspect-disc.ts';
import { mapDisc } from '../src/media/map-disc.ts';
import { PageCodec } from '../src/snapshot/page-codec.ts';
import { importMachine } from '../src/worker/snapshots-import.ts';
import { ShelvedMoments } from '../src/worker/snapshots-shelf.ts';
import type { HostileCase, HostileOutcome } from './hostile-files.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What an import writes goes to a drive, not into memory; its lists stay. */
class DrivingStore extends MemoryRecordStore {
  override commit(step: Step): Promise<'done' | 'conflict'> {
    return super.commit(step.kind === 'pages' ? { ...step, put: [] } : step);
  }
}

async function takeMachine(file: ByteSource): Promise<string> {
  const store = new DrivingStore();
  const codec = PageCodec.standalone();
  await importMachine(store, 'new', codec, file);
  // What the page asks next.
  const { handlers } = new ShelvedMoments(store, 'new', {}, () =>
    Promise.resolve({ release: () => undefined }),
  );
  await handlers.moments();
  await handlers.momentBytes();
  await handlers.opening();
  return 'taken';
}

async function takeDisk(file: ByteSource): Promise<string> {
  const report = await inspectDiskImage(file);
  if (report.format === null) return report.reasons.map(({ code }) => code).join(' ');
  const disk = await openDiskImage(file);
  // What a machine reads that starts from it, and what is looked through before a copy is kept.
  for (let at = 0; at < Math.min(disk.sizeBytes, 4 << 20); at += 65_536)
    await disk.read(at, Math.min(65_536, disk.sizeBytes - at));
  let ranges = 0;
  for await (const range of disk.allocatedRanges()) ranges += range.length > 0 ? 1 : 0;
  return `${report.verdict}, ${ranges} ranges`;
}

async function take({ files }: HostileCase): Promise<string> {
  if (files.length > 1) {
    const set = await asImageFiles(
      await Promise.all(
        files.map(async (path) => ({ file: await openAsBlob(path), name: path.split('/').at(-1)! })),
      ),
    );
    return set ? (await inspectImageFiles(set)).reasons.map(({ code }) => code).join(' ') : 'no set';
  }
  const file = await openFileSource(files[0]);
  try {
    if (file.name.endsWith('.vitrine')) return await takeMachine(file);
    if (file.name.endsWith('.json'))
      return 'exhibit' in readExhibit(readFileSync(files[0], 'utf8')) ? 'an exhibit' : 'mistakes';
    const medium = mediumOf(await tellFileKind(file), file);
    if (medium === 'disk') return `disk: ${await takeDisk(file)}`;
    if (medium === 'floppy') return 'floppy';
    const { verdict, reasons } = await inspectDisc(file);
    await mapDisc(file);
    return `disc: ${verdict} ${reasons.map(({ code }) => code).join(' ')}`;
  } finally {
    await file.close();
  }
}

/** Time of a busy computer says nothing: the processor's, with that of the garbage collector. */
function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return Math.round((user + system) / 1000);
}

/** `maxRSS` begins with what the process had that started this one, so the kernel's own figure is taken. */
function peakBytes(): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB/mu.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

for (const one of JSON.parse(readFileSync(process.argv[2], 'utf8')) as HostileCase[]) {
  collect();
  const before = process.cpuUsage();
  const outcome = await take(one).catch((error: unknown) => {
    if (error instanceof VitrineError) return error.code;
    return `FAILED ${String(error instanceof Error ? error.stack : error)}`;
  });
  const told: HostileOutcome = {
    name: one.name,
    outcome,
    ms: processorMs(before),
    peakBytes: peakBytes(),
  };
  console.log(JSON.stringify(told));
}
