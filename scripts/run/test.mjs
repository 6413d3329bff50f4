import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runChecks } from './check.mjs';
import { findChromium } from './chromium.mjs';
import { findServices } from './debian.mjs';
import { findNode } from './node.mjs';
import { prepare } from './prepare.mjs';
import { capture, cleanEnvironment, hasToStop, root, runToEnd } from './process.mjs';
import { Failure, say } from './say.mjs';

/** Everything CI runs. The last line is the sum; a part that ends without a report counts as one failure. */
export async function test() {
  const parts = [];
  await measure(parts, 'install', countOne(prepare));
  // Without packages nothing else can say anything true.
  if (parts[0].failed === 0) await measureAll(parts);
  return summarise(parts);
}

async function measureAll(parts) {
  const reports = mkdtempSync(join(tmpdir(), 'sluice-reports-'));
  try {
    // Each part for itself: what does not build must not hide the tests of the rest.
    for (const part of ['backend', 'frontend']) {
      await measure(
        parts,
        `build ${part}`,
        countOne(() => prepare([part])),
      );
    }
    await findServices();
    // Journeys mostly wait, for a browser and for runs: they go on beside everything else, and say at their end how it was.
    const journeys = measure(parts, 'journeys', () => runJourneys(join(reports, 'journeys.json')));
    for (const project of ['database', 'shared', 'backend', 'frontend']) {
      await measure(parts, project, () => runProject(project, join(reports, `${project}.json`)));
    }
    await measure(parts, 'checks', runChecks);
    say('The journeys are still on their way.');
    await journeys;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

function summarise(parts) {
  for (const { name, seconds, passed, failed, skipped } of parts) {
    const time = `${seconds.toFixed(1).padStart(6)} s`;
    say(`${name.padEnd(16)} ${time}  ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  // At the very end: of a long report the last lines are read first, and often kept alone.
  for (const { name, failures = [] } of parts) {
    for (const failure of failures) say(`Failed in ${name}: ${failure}`);
  }
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
  return sum('failed') === 0 ? 0 : 1;
}

/** Work that either succeeds or throws, as one test. */
function countOne(work) {
  return async () => {
    await work();
    return { passed: 1, failed: 0, skipped: 0 };
  };
}

async function measure(parts, name, work) {
  if (hasToStop()) throw new Failure('Stopped.');
  const began = performance.now();
  let counts;
  try {
    counts = await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
    counts = { passed: 0, failed: 1, skipped: 0, failures: [firstLine(error.message)] };
  }
  parts.push({ name, seconds: (performance.now() - began) / 1000, ...counts });
}

async function runProject(project, file) {
  const code = await runToEnd(findNode(), vitest(project, file), { cwd: root });
  return countIn(file, code);
}

/** The built product in a real browser. */
async function runJourneys(file) {
  const env = cleanEnvironment({ CHROMIUM_PATH: await findChromium() });
  const { code, output } = await capture(findNode(), vitest('e2e', file), { cwd: root, env });
  process.stdout.write(output);
  return countIn(file, code);
}

function vitest(project, file) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests', ...reporters];
}

function countIn(file, code) {
  const report = readReport(file);
  const crashed = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.numFailedTests + crashed.length;
  return {
    passed: report.numPassedTests,
    // An error outside of any test (a rejected promise, a failing set-up) shows only in the exit code.
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(failuresOf),
  };
}

function failuresOf({ name, status, message, assertionResults }) {
  const tests = assertionResults.filter((one) => one.status === 'failed');
  const file = relative(root, name);
  if (status === 'failed' && tests.length === 0) return [`${file}: ${firstLine(message)}`];
  return tests.map((one) => `${file}: ${one.fullName}: ${firstLine(one.failureMessages[0])}`);
}

function firstLine(text = '') {
  return text.split('\n', 1)[0].slice(0, 300);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Failure('This part ended without a report: read its last lines above.');
  }
}
