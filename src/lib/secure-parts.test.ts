import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  droppedHandle,
  openPicker,
  openWorklet,
  savePicker,
  serviceWorkers,
  wakeLocks,
} from '../page/secure-parts.ts';
import {
  cacheStorage,
  isFileHandle,
  isSecureAddress,
  randomId,
  storageManager,
  webCrypto,
  webLocks,
} from './secure-parts.ts';

const SOURCE = fileURLToPath(new URL('../', import.meta.url));

/** They are the place; a service worker runs only where all of it is. */
const MAY_NAME = ['lib/secure-parts.ts', 'page/secure-parts.ts', 'sw.ts', 'sw-install.ts', 'sw-saves.ts'];

/** What a page lacks on an address that is not secure, as code would use it. */
const PARTS =
  /navigator\.(locks|storage|serviceWorker|wakeLock|clipboard|share|canShare)\b|in navigator\b|crypto\.(subtle|randomUUID)\b|instanceof FileSystem\w+|getAsFileSystemHandle|show(Open|Save)FilePicker|\baudioWorklet\b|new AudioWorkletNode|\bcaches\.|isSecureContext/;

function namersOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && PARTS.test(line))
    .map((line) => line.trim());
}

it('what only a secure address has is named in one place', () => {
  const found: Record<string, string[]> = {};
  for (const entry of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts') || entry.endsWith('.test.ts') || MAY_NAME.includes(entry)) continue;
    const lines = namersOf(readFileSync(SOURCE + entry, 'utf8'));
    if (lines.length > 0) found[entry] = lines;
  }
  expect(found).toEqual({});
});

it('the rule sees each of them', () => {
  const lines = [
    'navigator.locks.request(name)',
    "if ('serviceWorker' in navigator) start();",
    'await crypto.subtle.digest(name, bytes)',
    'value instanceof FileSystemFileHandle',
    'item.getAsFileSystemHandle?.()',
    'context.audioWorklet.addModule(url)',
    'await caches.open(name)',
  ];
  expect(lines.flatMap(namersOf)).toEqual(lines);
});

/** A browser on an address that is not secure, as Chromium's is. */
function insecure(): void {
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('location', { host: 'exhibit.lan:4199', port: '4199' });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  vi.stubGlobal('FileSystemFileHandle', undefined);
  vi.stubGlobal('caches', undefined);
}

afterEach(() => vi.unstubAllGlobals());

describe('an address that is not secure', () => {
  it('has none of them, and says what to do where one is needed', async () => {
    insecure();
    expect(isSecureAddress()).toBe(false);
    expect([storageManager(), cacheStorage(), serviceWorkers(), wakeLocks()]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([openPicker(), savePicker()]).toEqual([null, null]);
    expect(isFileHandle({})).toBe(false);
    for (const part of [webLocks, webCrypto]) {
      expect(part).toThrow(/http:\/\/exhibit\.lan:4199.*https.*http:\/\/localhost:4199/);
      expect(part).toThrow(expect.objectContaining({ code: 'page/not-secure' }));
    }
    await expect(openWorklet({} as AudioContext, '', '', {})).rejects.toThrow('no audio worklet');
  });

  it('never asks for the handle of what was dropped: Chromium would end the page', async () => {
    const getAsFileSystemHandle = vi.fn(async () => ({ kind: 'file' }));
    const item = { getAsFileSystemHandle } as unknown as DataTransferItem;
    expect(await droppedHandle(item)).toEqual({ kind: 'file' });
    insecure();
    expect(await droppedHandle(item)).toBeNull();
    expect(getAsFileSystemHandle).toHaveBeenCalledTimes(1);
  });

  it('makes ids that are UUIDs of version 4, each another one', () => {
    const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(randomId()).toMatch(shape);
    insecure();
    const ids = Array.from({ length: 100 }, randomId);
    for (const id of ids) expect(id).toMatch(shape);
    expect(new Set(ids).size).toBe(100);
  });
});
