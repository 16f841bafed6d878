import { afterEach, expect, test, vi } from 'vitest';
import { fingerprintImageFiles, withoutTimes } from '../media/disk-images/image-files.ts';
import { BaseImage } from './base-image.ts';

afterEach(() => vi.unstubAllGlobals());

const IDENTITY = { name: 'xp.vhd', sizeBytes: 4096, fingerprint: '4096:1000:aa' };

/** A handle of an earlier visit, as Chromium gives it back. */
function handleWith(answers: {
  query?: PermissionState;
  request?: () => Promise<PermissionState>;
  getFile?: () => Promise<File>;
}) {
  const requestPermission = vi.fn(answers.request ?? (async () => 'granted' as const));
  return {
    name: 'xp.vhd',
    queryPermission: async () => answers.query ?? 'prompt',
    requestPermission,
    getFile: answers.getFile ?? (async () => new File([new Uint8Array(4096)], 'xp.vhd')),
  };
}

async function recalled(handle: ReturnType<typeof handleWith>, isActive: boolean): Promise<BaseImage> {
  vi.stubGlobal('navigator', { userActivation: { isActive } });
  const handles = [handle as unknown as FileSystemFileHandle];
  const image = new BaseImage({
    rememberBase: async () => undefined,
    completeBase: async () => undefined,
    recallBase: async () => handles,
  });
  await image.recall(IDENTITY);
  return image;
}

test('at page load the visitor is not asked, and the file is one click away', async () => {
  const handle = handleWith({
    request: () => Promise.reject(new DOMException('User activation is required', 'SecurityError')),
  });
  const image = await recalled(handle, false);
  await expect(image.open()).rejects.toMatchObject({ code: 'disk/base-missing' });
  expect(handle.requestPermission).not.toHaveBeenCalled();
  expect(image.standing.value).toEqual({ name: 'xp.vhd', have: 'one-click' });
});

test('a file that was allowed for every visit is there at page load', async () => {
  const image = await recalled(handleWith({ query: 'granted' }), false);
  expect((await image.open())!.files).toHaveLength(1);
  expect(image.standing.value!.have).toBe('open');
});

for (const name of ['SecurityError', 'NotAllowedError']) {
  test(`a browser that refuses to ask (${name}) has the file still`, async () => {
    const request = () => Promise.reject(new DOMException('', name));
    const image = await recalled(handleWith({ request }), true);
    await expect(image.open()).rejects.toMatchObject({ code: 'disk/base-missing' });
    expect(image.standing.value!.have).toBe('one-click');
  });
}

test('in a gesture the visitor is asked; what they deny can be asked again', async () => {
  let answer: PermissionState = 'denied';
  const image = await recalled(handleWith({ request: async () => answer }), true);
  await expect(image.open()).rejects.toMatchObject({ code: 'disk/base-missing' });
  answer = 'granted';
  expect((await image.open())!.files[0].name).toBe('xp.vhd');
});

test('a file that is gone has to be picked', async () => {
  const getFile = () => Promise.reject(new DOMException('', 'NotFoundError'));
  const image = await recalled(handleWith({ query: 'granted', getFile }), true);
  await expect(image.open()).rejects.toMatchObject({ code: 'bytes/unreadable' });
  expect(image.standing.value!.have).toBe('missing');
});

test('the image of a machine that came out of a file is known by its time from the first offer on', async () => {
  const files = [
    { file: new File([new Uint8Array(4096)], 'xp.vhd', { lastModified: 1000 }), name: 'xp.vhd' },
  ] as const;
  const full = await fingerprintImageFiles(files);
  const completeBase = vi.fn(async () => undefined);
  const image = new BaseImage({
    rememberBase: async () => undefined,
    completeBase,
    recallBase: async () => [],
  });
  const identity = { ...IDENTITY, fingerprint: withoutTimes(full) };
  await image.recall(identity);
  await image.offer(files, []);
  expect(completeBase).toHaveBeenCalledWith(identity.fingerprint, full, []);
  // Looked up again, as it is on the shelf now: the file is still at hand.
  await image.recall({ ...identity, fingerprint: full });
  expect(await image.open()).toEqual({ files, fingerprint: full });
  await image.offer(files, []);
  expect(completeBase).toHaveBeenCalledTimes(1);
});

test('the image of another time, or a copy of another name, is recognised, and known by its time from then on', async () => {
  const bytes = new Uint8Array(8192).fill(3);
  const at = (name: string, lastModified: number, contents = bytes) =>
    [{ file: new File([contents], name, { lastModified }), name }] as const;
  const known = await fingerprintImageFiles(at('xp.vhd', 1000));
  for (const files of [at('xp.vhd', 1000 + 3_600_000), at('xp - Copy.vhd', 9000)]) {
    const completeBase = vi.fn(async () => undefined);
    const image = new BaseImage({
      rememberBase: async () => undefined,
      completeBase,
      recallBase: async () => [],
    });
    await image.recall({ ...IDENTITY, fingerprint: known });
    expect(await image.recognises(at('xp.vhd', 1000, new Uint8Array(8192)))).toBe(false);
    expect(await image.recognises(at('small.vhd', 1000, new Uint8Array(512)))).toBe(false);
    expect(await image.recognises(files)).toBe(true);
    await image.offer(files, []);
    const now = await fingerprintImageFiles(files);
    expect(completeBase).toHaveBeenCalledWith(known, now, []);
    expect(await image.open()).toEqual({ files, fingerprint: now });
  }
});

test('another machine has another image, or none', async () => {
  const image = await recalled(handleWith({ query: 'granted' }), false);
  await image.open();
  await image.recall({ ...IDENTITY, fingerprint: '4096:2000:bb' });
  expect(image.standing.value!.have).toBe('one-click');
  await image.recall(null);
  expect(image.standing.value).toBeNull();
  expect(await image.open()).toBeNull();
});

test('a machine that is turned on while the file is still looked at waits for the answer', async () => {
  const file = new File([new Uint8Array(4096)], 'xp.vhd');
  const files = [{ file, name: 'xp.vhd' }] as const;
  const fingerprint = await fingerprintImageFiles(files);
  const image = new BaseImage({
    rememberBase: async () => undefined,
    completeBase: async () => undefined,
    recallBase: async () => [],
  });
  await image.recall({ name: 'xp.vhd', sizeBytes: 4096, fingerprint });
  const offered = image.offer(files, []);
  expect((await image.open())!.files).toEqual(files);
  await offered;

  const other = new File([new Uint8Array(4096).fill(1)], 'xp.vhd');
  image.drop();
  const refused = image.offer([{ file: other, name: 'xp.vhd' }], []);
  await expect(image.open()).rejects.toMatchObject({ code: 'disk/base-missing' });
  await expect(refused).rejects.toMatchObject({ code: 'image/changed' });
});
