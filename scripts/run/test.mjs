import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './check.mjs';
import { findServices } from './debian.mjs';
import { prepare } from './prepare.mjs';
import { hasToStop } from './process.mjs';
import { Failure, say } from './say.mjs';
import { runTests } from './vitest.mjs';

/** More files than these fail for a reason that a second try would only repeat. */
const mostAgain = 8;

/** Everything CI runs. The last line is the sum; a part that ends without a report counts as one failure. */
export async function test() {
  const parts = [];
  await measure(parts, 'install', countOne(prepare));
  // Without packages nothing else can say anything true.
  if (parts[0].results.every(({ failed }) => failed === 0)) await measureAll(parts);
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
    const journeys = measure(parts, 'e2e', () => runTests('e2e', { reports, isHeld: true }));
    for (const project of ['database', 'shared', 'backend', 'frontend']) {
      await measure(parts, project, () => runTests(project, { reports }));
    }
    await measure(parts, 'checks', async () => {
      const { failures, ...counts } = await runChecks();
      return [{ file: null, ...counts, failures }];
    });
    say('The journeys are still on their way.');
    await journeys;
    await runAgain(parts, reports);
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

/** Files that failed beside everything else, each once more with the machine to itself: see decision 53. */
async function runAgain(parts, reports) {
  const failed = parts.map(({ results }) => results.filter((one) => one.failed > 0 && one.file !== null));
  const count = failed.flat().length;
  if (count === 0 || count > mostAgain) return;
  for (const [n, part] of parts.entries()) {
    const files = failed[n].map(({ file }) => file);
    if (files.length === 0 || hasToStop()) continue;
    say(`Again, alone: ${files.join(', ')}`);
    const second = await runTests(part.name, { reports, files }).catch(() => []);
    for (const again of second) {
      const first = failed[n].find(({ file }) => file === again.file);
      if (first === undefined || again.failed > 0 || again.passed === 0) continue;
      part.results[part.results.indexOf(first)] = { ...again, unsteady: first.failures };
    }
  }
}

function summarise(parts) {
  for (const { name, seconds, results } of parts) {
    const time = `${seconds.toFixed(1).padStart(6)} s`;
    say(`${name.padEnd(16)} ${time}  ${told(results)}`);
  }
  // At the very end: of a long report the last lines are read first, and often kept alone.
  const all = parts.flatMap(({ results }) => results);
  for (const { file, unsteady = [] } of all)
    for (const failure of unsteady) say(`Held only when run again: ${file}: ${failure}`);
  for (const { file, failures } of all)
    for (const failure of failures) say(`Failed: ${file === null ? '' : `${file}: `}${failure}`);
  process.stdout.write(`${told(all)}\n`);
  return all.every(({ failed }) => failed === 0) ? 0 : 1;
}

function told(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`;
}

/** Work that either succeeds or throws, as one test. */
function countOne(work) {
  return async () => {
    await work();
    return [{ file: null, passed: 1, failed: 0, skipped: 0, failures: [] }];
  };
}

async function measure(parts, name, work) {
  if (hasToStop()) throw new Failure('Stopped.');
  const began = performance.now();
  let results;
  try {
    results = await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
    const failures = [`${name}: ${error.message.split('\n', 1)[0]}`];
    results = [{ file: null, passed: 0, failed: 1, skipped: 0, failures }];
  }
  parts.push({ name, seconds: (performance.now() - began) / 1000, results });
}
