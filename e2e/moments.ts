import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { SnapshotInfo } from '../src/protocol/snapshot-messages.ts';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

/** The contract's methods, and the checks that the guest itself makes. */
export class Moments {
  readonly exhibit: Exhibit;

  constructor(exhibit: Exhibit) {
    this.exhibit = exhibit;
  }

  take(label: string): Promise<Omit<SnapshotInfo, 'thumbnail'> & { picture: string }> {
    return this.exhibit.machine.evaluate(async (machine, name) => {
      const { thumbnail, ...info } = await (machine as VitrineMachine).takeSnapshot(name);
      return { ...info, picture: `${thumbnail?.type} ${(thumbnail?.size ?? 0) > 100}` };
    }, label);
  }

  list(): Promise<Pick<SnapshotInfo, 'id' | 'label' | 'kind' | 'parent' | 'ownBytes' | 'sharedBytes'>[]> {
    return this.exhibit.machine.evaluate(async (machine) =>
      (await (machine as VitrineMachine).snapshots()).map(
        ({ id, label, kind, parent, ownBytes, sharedBytes }) => ({
          id,
          label,
          kind,
          parent,
          ownBytes,
          sharedBytes,
        }),
      ),
    );
  }

  restore(id: string): Promise<void> {
    return this.exhibit.machine.evaluate(
      (machine, it) => (machine as VitrineMachine).restoreSnapshot(it),
      id,
    );
  }

  delete(id: string): Promise<void> {
    return this.exhibit.machine.evaluate((machine, it) => (machine as VitrineMachine).deleteSnapshot(it), id);
  }

  /** Memory and disk become those of `seed`. */
  async write(seed: number): Promise<void> {
    await this.ok(`fill 16 ${seed}`);
    await this.ok(`write 2048 512 ${seed}`);
    await this.ok('flush');
  }

  /** Memory and disk are those of `seed`, both. */
  async check(seed: number): Promise<void> {
    await this.ok(`check 16 ${seed}`);
    await this.ok(`verify 2048 512 ${seed}`);
  }

  async ok(line: string): Promise<void> {
    expect((await this.exhibit.command(line)).answer, line).toMatch(/^OK/);
  }
}

/** The house disc, running. */
export async function boot(page: Page): Promise<Moments> {
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  return new Moments(exhibit);
}

/** Another page of the same browser, after this one is closed: it knows nothing but what the browser keeps. */
export async function reopen(page: Page): Promise<Moments> {
  const next = await page.context().newPage();
  await page.close();
  return new Moments(await Exhibit.open(next));
}

/** The same, after the machine was turned off: nothing goes on by itself. */
export async function reopenOff(page: Page): Promise<Moments> {
  await new Exhibit(page).call((machine) => machine.powerOff());
  return reopen(page);
}

/** The house disc with another last byte: a disc that the exhibit does not have by itself. */
export async function insertVariant(exhibit: Exhibit, name: string, change = 0x4d): Promise<void> {
  const bytes = readFileSync(HOUSE_ISO);
  bytes[bytes.length - 1] ^= change;
  await exhibit.machine.evaluate(
    async (machine, [called, base64]) => {
      const file = new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], called);
      await (machine as VitrineMachine).insertDisc(file);
    },
    [name, bytes.toString('base64')] as const,
  );
}
