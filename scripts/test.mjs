import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { findOrInstallChromium } from './chromium.mjs';
import { installTestTools } from './test-tools.mjs';

/**
 * All tests in one run: types, lint and format; unit; end to end on the built app in a real Chromium. With the word
 * `unit` or `e2e` only those. Ends with one line of counts; a check counts as one test.
 */
const wanted = process.argv[2] ?? 'all';
const counts = { passed: 0, failed: 0, skipped: 0 };
const all = wanted === 'all';

if (all) installTestTools();
if (all)
  for (const check of ['types', 'lint', 'format']) countStep(check, run('npm', ['run', '--silent', check]));
if (all || wanted === 'unit') runUnit();
if (all || wanted === 'e2e') runEndToEnd();

const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
console.log(`\n${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

function runUnit() {
  const report = 'test-results/unit.json';
  rmSync(report, { force: true });
  const ok = run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile=${report}`]);
  countReport('unit tests', ok, report, (json) => ({
    passed: json.numPassedTests,
    failed: json.numFailedTests,
    skipped: json.numPendingTests + json.numTodoTests,
  }));
}

function runEndToEnd() {
  let chromium;
  try {
    chromium = findOrInstallChromium();
  } catch (error) {
    console.error(error.message);
    counts.failed++;
    return;
  }
  const built = run('npm', ['run', '--silent', 'build']);
  countStep('build', built);
  if (!built) return;
  const report = 'test-results/e2e.json';
  rmSync(report, { force: true });
  const ok = run('npx', ['playwright', 'test', '--reporter=list,json', ...process.argv.slice(3)], {
    CHROMIUM_PATH: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  countReport('end-to-end tests', ok, report, ({ stats }) => {
    if (stats.flaky > 0)
      console.log(`${stats.flaky} passed only at the second try: a bug; the trace is in test-results`);
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
  });
}

function countStep(name, ok) {
  console.log(`${ok ? 'ok' : 'FAILED'}  ${name}`);
  if (ok) counts.passed++;
  else counts.failed++;
}

/** A runner that died without a report, or failed though no test did, is one failure. */
function countReport(name, ok, file, read) {
  let result;
  try {
    result = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.error(`${name}: no report (${error.message})`);
    counts.failed++;
    return;
  }
  counts.passed += result.passed;
  counts.failed += result.failed;
  counts.skipped += result.skipped;
  if (!ok && result.failed === 0) countStep(`${name}: the runner itself`, false);
}

function run(command, args, env = {}) {
  console.log(`\n> ${command} ${args.join(' ')}`);
  const result = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return result.status === 0;
}
