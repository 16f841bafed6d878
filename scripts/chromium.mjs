import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

/** Where Chromium, Chrome and Edge are on Linux, macOS and Windows. */
const PROGRAM_FILES = [
  process.env['PROGRAMFILES'],
  process.env['PROGRAMFILES(X86)'],
  process.env['LOCALAPPDATA'],
];
const SYSTEM_BROWSERS = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'].flatMap(
    (name) =>
      ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'].map((folder) => join(folder, name)),
  ),
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...PROGRAM_FILES.filter(Boolean).flatMap((root) => [
    join(root, 'Chromium/Application/chrome.exe'),
    join(root, 'Google/Chrome/Application/chrome.exe'),
    join(root, 'Microsoft/Edge/Application/msedge.exe'),
  ]),
];

/** The browser that is there already: `CHROMIUM_PATH`, Playwright's own, the system's; null for none. */
export function findChromium() {
  const wished = process.env['CHROMIUM_PATH'];
  if (wished) {
    if (existsSync(wished)) return wished;
    throw new Error(`CHROMIUM_PATH is ${wished}, and no file is there. Correct it or unset it.`);
  }
  return [chromium.executablePath(), ...SYSTEM_BROWSERS].find((path) => path && existsSync(path)) ?? null;
}

/** The browser that is there, or one installed now: by Playwright's installer, else by apt-get. Throws one sentence. */
export function findOrInstallChromium() {
  const found = findChromium();
  if (found) return found;
  console.log('No Chromium found. Installing one (Playwright’s installer first, then apt-get)…');
  const attempts = [
    ['npx', ['playwright', 'install', 'chromium']],
    ['apt-get', ['update']],
    ['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']],
  ];
  for (const [command, args] of attempts) {
    const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 });
    if (status === 0 && findChromium()) return findChromium();
  }
  throw new Error(
    'No Chromium could be found or installed: install Chromium, Chrome or Edge, or set CHROMIUM_PATH to one.',
  );
}
