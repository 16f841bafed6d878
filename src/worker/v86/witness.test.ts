import { afterEach, describe, expect, it } from 'vitest';
import { standInDisc } from '../../../guest/windows7/stand-in.ts';
import { BootProgress } from '../../machine/milestones/boot-progress.ts';
import { MILESTONES } from '../../machine/milestones/milestones.ts';
import { findBootFiles } from '../../media/boot-files.ts';
import { MemoryDrive, RealMachine } from './testing/real-machine.ts';
import { isPaged, watchChips, type EngineWitness } from './witness.ts';

const ENTER = [0x1c, 0x9c];

class WatchedDrive extends MemoryDrive {
  onRead: (start: number, length: number) => void = () => {};
  onWrite: (start: number, length: number) => void = () => {};

  override get(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    this.onRead(start, length);
    super.get(start, length, done);
  }

  override set(start: number, bytes: Uint8Array, done: () => void): void {
    this.onWrite(start, bytes.length);
    super.set(start, bytes, done);
  }
}

describe('what can be seen of a machine from outside', () => {
  let machine: RealMachine | null = null;
  afterEach(() => machine?.dispose());

  it('is, for a disc that does what Windows Setup does, every milestone in its order', async () => {
    const image = await standInDisc();
    const disc = new WatchedDrive(image.bytes());
    const disk = new WatchedDrive(new Uint8Array(8 * 2 ** 20));
    const progress = new BootProgress(
      () => ({ ranMs: performance.now(), instructions: 0 }),
      () => {},
    );
    progress.setFiles(await findBootFiles(image));
    machine = await RealMachine.build({
      disc,
      disk,
      repairs: {
        onBusMaster: (drive, direction) => progress.dma(drive, direction, isPaged(machine!.internals.cpu)),
        onPacket: (opcode) => progress.packet(opcode),
        onReboot: (tripleFault) => progress.restarted(tripleFault),
      },
    });
    const { internals, emulator } = machine;
    disc.onRead = (start, length) => progress.discRead(start, length);
    disk.onRead = (start, length) => progress.diskRead(start, length, isPaged(internals.cpu));
    disk.onWrite = (start, length) => progress.diskWrite(start, length);
    const witness = progress as unknown as EngineWitness;
    watchChips(internals, witness);
    void emulator.run();

    await machine.untilSerial('STAND-IN prompt');
    for (const code of ENTER) internals.bus.send('keyboard-code', code);
    await machine.untilSerial('STAND-IN setup');
    // The browser's own screen tells of modes.
    progress.screenMode({ width: 800, height: 600, bitsPerPixel: 16 }, true);
    await machine.untilSerial('STAND-IN second start');
    const { reached } = progress.record;
    expect(reached.find(({ id }) => id === 'hal')?.evidence).toEqual([{ kind: 'chip', chip: 'pic' }]);
    expect(reached.map(({ id }) => id)).toEqual([...MILESTONES]);
    const seen = reached
      .filter(({ id }) => id !== 'vbe-mode' && id !== 'setup-screen')
      .map(({ atMs }) => atMs);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(progress.record.counts).toMatchObject({ dmaDisc: 1, diskWrites: 2, packets: { '4a': 1 } });
  });

  it('is no milestone of a kernel’s while firmware works, which uses the bus master too', async () => {
    const seen: string[] = [];
    machine = await RealMachine.build({
      disk: new Uint8Array(2 ** 20),
      repairs: { onBusMaster: () => isPaged(machine!.internals.cpu) && seen.push('dma') },
    });
    const witness: Partial<EngineWitness> = { chip: (chip) => seen.push(chip), mouse: () => {} };
    watchChips(machine.internals, witness as EngineWitness);
    void machine.emulator.run();
    await machine.untilScreen(/No bootable device|Booting from Hard Disk/);
    expect(seen).toEqual([]);
  });
});
