import { spawnSync } from 'node:child_process';
import { findOrInstallChromium } from './chromium.mjs';

/** Asks our PC and QEMU's what they are, prints what differs and why, and writes `docs/conformance.md`. */
const { status } = spawnSync('npx', ['playwright', 'test', 'e2e/conformance.spec.ts', '--reporter=line'], {
  stdio: 'inherit',
  env: { ...process.env, VITRINE_CONFORMANCE: 'write', CHROMIUM_PATH: findOrInstallChromium() },
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
