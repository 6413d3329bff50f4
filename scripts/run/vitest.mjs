import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findChromium } from './chromium.mjs';
import { findNode } from './node.mjs';
import { capture, cleanEnvironment, root, runToEnd } from './process.mjs';
import { Failure } from './say.mjs';

/**
 * Runs a project's tests, or some files of it, and gives what came of each file:
 * `[{ file, passed, failed, skipped, failures }]`. A failure is one line: test, reason and place.
 * `reports`: a folder. Throws a Failure when the run ended without a report.
 */
export async function runTests(project, { reports, files = [], isHeld = false }) {
  const report = join(reports, `${project}${files.length === 0 ? '' : '-again'}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests', ...reporters];
  // The built product in a real browser.
  const env = project === 'e2e' ? cleanEnvironment({ CHROMIUM_PATH: await findChromium() }) : cleanEnvironment();
  const run = isHeld ? runHeld : runToEnd;
  const code = await run(findNode(), [...args, ...files], { cwd: root, env });
  const results = readReport(report).testResults.map(toResult);
  // An error outside of any test (a rejected promise, a failing set-up) shows only in the exit code.
  if (code !== 0 && results.every(({ failed }) => failed === 0)) results.push(failedBesides(project));
  return results;
}

/** Prints at its end what it had to say: something else is running, and printing. */
async function runHeld(command, args, options) {
  const { code, output } = await capture(command, args, options);
  process.stdout.write(output);
  return code;
}

function toResult({ name, status, message, assertionResults }) {
  const file = relative(root, name).replaceAll('\\', '/');
  const failures = assertionResults
    .filter((one) => one.status === 'failed')
    .map((one) => `${one.fullName}: ${reasonOf(one.failureMessages[0], file)}`);
  if (status === 'failed' && assertionResults.length === 0) failures.push(reasonOf(message, file));
  const passed = assertionResults.filter((one) => one.status === 'passed').length;
  const failed = failures.length;
  return { file, passed, failed, skipped: Math.max(assertionResults.length - passed - failed, 0), failures };
}

function failedBesides(project) {
  return { file: null, passed: 0, failed: 1, skipped: 0, failures: [`${project} failed beside its tests: see above`] };
}

/** The first line of it, and where in the test it happened. */
function reasonOf(text = '', file) {
  const line = text.split('\n', 1)[0].slice(0, 400);
  const at = text
    .split('\n')
    .find((one) => one.includes(file))
    ?.match(/:(\d+):\d+/);
  return at == null ? line : `${line} (line ${at[1]})`;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Failure('This part ended without a report: read its last lines above.');
  }
}
