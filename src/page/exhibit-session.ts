import type { NamedFile } from '../bytes/named-file.ts';
import houseDiscUrl from '../../guest/house.iso?url';
import { VitrineError } from '../lib/errors.ts';
import { createSoundOutput } from './audio/create-sound-output.ts';
import { BrowserShelf } from './browser-shelf.ts';
import { KeptWitness } from './kept-witness.ts';
import { LocalMemory } from './local-memory.ts';
import { addressOfMachine, readMachineChoice } from './machine-choice.ts';
import type { ResumeMark } from './machine-opening.ts';
import { MachineSession } from './machine-session.ts';
import { rememberPreferences } from './preferences.ts';

/** A session as the exhibit has it: with sound, and with the house disc for a visitor who brings none. */
export function createExhibitSession(): MachineSession {
  const memory = new LocalMemory(() => localStorage, 'vitrine-machine');
  return new MachineSession({
    choice: readMachineChoice(location.search, memory),
    onChosen(machineId) {
      memory.save({ machineId });
      history.replaceState(history.state, '', addressOfMachine(location.href, machineId));
    },
    resumeMark: rememberResuming(new LocalMemory(() => localStorage, 'vitrine-resuming')),
    shelf: new BrowserShelf(new KeptWitness(new LocalMemory(() => localStorage, 'vitrine-kept'))),
    sound: createSoundOutput(),
    preferences: rememberPreferences(new LocalMemory(() => localStorage, 'vitrine-preferences')),
    defaultDisc: fetchHouseDisc,
  });
}

function rememberResuming(memory: LocalMemory): ResumeMark {
  return {
    machineId() {
      const { machineId } = memory.load();
      return typeof machineId === 'string' ? machineId : null;
    },
    set: (machineId) => memory.save({ machineId }),
  };
}

async function fetchHouseDisc(): Promise<NamedFile> {
  try {
    const response = await fetch(houseDiscUrl);
    if (!response.ok) throw new Error(`${response.status} for ${houseDiscUrl}`);
    return { file: await response.blob(), name: 'house.iso' };
  } catch (cause) {
    throw new VitrineError('machine/no-house-disc', {}, { cause });
  }
}
