import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { standInDisc } from '../../guest/windows7/stand-in.ts';
import { windowsDisc } from '../../src/media/testing/discs.ts';
import { windows7Images } from '../../src/media/testing/wim-builder.ts';
import { chooseDisc } from './choose-disc.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitrine-choose-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the disc that npm run windows7 is given', () => {
  it('is taken where it is one of 32-bit Windows 7', async () => {
    const path = join(folder, 'stand-in.iso');
    await (await standInDisc()).writeTo(path);
    expect(await chooseDisc(path)).toMatchObject({ path, report: { windows: { name: 'Windows 7' } } });
  });

  it('is refused with a reason where it is another', async () => {
    const path = join(folder, 'x64.iso');
    await windowsDisc({ install: { images: windows7Images(7601, 9) }, bootWim: null }).writeTo(path);
    expect(await chooseDisc(path)).toMatchObject({ problem: expect.stringMatching(/x64\.iso.*64-bit/) });
  });

  it.each([
    ['no variable at all', undefined, /^VITRINE_WINDOWS7_ISO is not set/],
    ['a file that is not there', 'nowhere.iso', /nowhere\.iso is no file/],
    ['a text', 'letter.iso', /letter\.iso is not a disc of 32-bit Windows 7/],
  ])('is missing, and one sentence says so, with %s', async (_, name, says) => {
    writeFileSync(join(folder, 'letter.iso'), 'Dear museum\n'.repeat(1000));
    expect(await chooseDisc(name && join(folder, name))).toEqual({ problem: expect.stringMatching(says) });
  });

  it('ends the command with 2 and that one sentence, where there is none', () => {
    const env: NodeJS.ProcessEnv = { ...process.env, VITRINE_WINDOWS7_ISO: '' };
    const ran = spawnSync('npx', ['tsx', 'scripts/windows7.ts'], { cwd: ROOT, env, encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr.trim()).toMatch(/^VITRINE_WINDOWS7_ISO is not set: .*\.$/);
  });
});
