import { MemoryRecordStore } from '../../disk/memory-record-store.ts';
import { PageCodec } from '../../snapshot/page-codec.ts';
import { exportMachine } from '../snapshots-export.ts';
import { MomentScenario } from './moment-scenario.ts';

/** The `.vitrine` file of a small machine with two moments and something written on its disk since. */
export async function aMachineFile(): Promise<Uint8Array<ArrayBuffer>> {
  const scenario = new MomentScenario();
  await scenario.begin();
  await scenario.do({ kind: 'fill', from: 3800 });
  await scenario.do({ kind: 'write', block: 3 });
  await scenario.do({ kind: 'take', as: 'kept', running: true });
  await scenario.do({ kind: 'touch', pages: [3801, 3802, 4200], zero: false });
  await scenario.do({ kind: 'write', block: 4 });
  await scenario.do({ kind: 'take', as: 'checkpoint', running: false });
  await scenario.do({ kind: 'write', block: 5 });
  await scenario.settle();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const store = new MemoryRecordStore(scenario.records);
  for await (const piece of exportMachine(store, 'm', PageCodec.standalone())) pieces.push(piece.slice());
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
