import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { findNode } from './node.mjs';
import { prepare } from './prepare.mjs';
import { cleanEnvironment, root, runToEnd } from './process.mjs';
import { say } from './say.mjs';

const families = 'backend/test/attacks/families.json';
const projects = [
  { name: 'shared', suffix: /\.spec\.ts$/, folders: ['shared/src'] },
  { name: 'backend', suffix: /(?<!\.db)\.spec\.ts$/, folders: ['backend/src', 'backend/test'] },
  { name: 'database', suffix: /\.db\.spec\.ts$/, folders: ['backend/src', 'backend/test'] },
  { name: 'frontend', suffix: /\.spec\.tsx?$/, folders: ['frontend/src'] },
  { name: 'e2e', suffix: /\.e2e\.ts$/, folders: ['e2e/journeys'], isBuilt: true },
];
const named = /\b([FT]\d{1,2})\b/;

/**
 * Runs every test that is named after a family of attacks, and prints what they tell: how often each attack was tried,
 * how often it was stopped, and the legitimate uses beside it that worked. Not 0 if one leaked or a use was stopped.
 * `--without-journeys` leaves out what needs the built product and a browser.
 */
export async function testSecurity(args) {
  const wanted = projects.filter(({ isBuilt }) => !(isBuilt && args.includes('--without-journeys')));
  await prepare(wanted.some(({ isBuilt }) => isBuilt) ? ['backend', 'frontend'] : []);
  const reports = mkdtempSync(join(tmpdir(), 'sluice-security-'));
  const table = new Map(
    JSON.parse(readFileSync(join(root, families), 'utf8')).map(({ id, title, later }) => [
      id,
      { title, later, tried: 0, stopped: 0, controls: 0, failed: [] },
    ]),
  );
  let isBroken = false;
  for (const project of wanted) {
    const files = namedFiles(project);
    if (files.length === 0) continue;
    const { report, code } = await run(project, files, join(reports, `${project.name}.json`));
    const failedBefore = sumOf(table, 'failed');
    for (const test of report) count(table, test);
    // A file that never came to its tests says so in the exit code alone.
    isBroken ||= code !== 0 && sumOf(table, 'failed') === failedBefore;
  }
  return print(table, isBroken);
}

function namedFiles({ suffix, folders }) {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path)))
    .filter((path) => suffix.test(path) && named.test(readFileSync(join(root, path), 'utf8')));
}

async function run({ name, isBuilt }, files, file) {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', name, '--testNamePattern', named.source];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const env = isBuilt ? { env: cleanEnvironment({ CHROMIUM_PATH: await findChromium() }) } : {};
  const code = await runToEnd(findNode(), [...vitest, ...reporters, ...files], { cwd: root, ...env });
  try {
    return { code, report: JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap((one) => one.assertionResults) };
  } catch {
    return { code: code === 0 ? 1 : code, report: [] };
  }
}

/** A test is one attempt of an attack, or one legitimate use when it calls itself a control; its own numbers go before. */
function count(table, { fullName, status, meta = {} }) {
  // The innermost name says most.
  const row = table.get([...fullName.matchAll(new RegExp(named, 'g'))].at(-1)?.[1]);
  if (row === undefined || !['passed', 'failed'].includes(status)) return;
  const isControl = /\bcontrol\b/.test(fullName);
  const tried = meta.tried ?? (isControl ? 0 : 1);
  const worked = meta.worked ?? (isControl ? 1 : 0);
  row.tried += tried;
  if (status === 'failed') row.failed.push(fullName);
  else {
    row.stopped += tried;
    row.controls += worked;
  }
}

function sumOf(table, key) {
  return [...table.values()].reduce((sum, row) => sum + (Array.isArray(row[key]) ? row[key].length : row[key]), 0);
}

function print(table, isBroken) {
  const line = (...cells) =>
    `${cells[0].padEnd(4)} ${cells[1].padEnd(34)} ${cells
      .slice(2)
      .map((cell) => String(cell).padStart(9))
      .join(' ')}\n`;
  const out = [line('', 'class of attack', 'tried', 'stopped', 'controls')];
  for (const [id, { title, tried, stopped, controls }] of table) out.push(line(id, title, tried, stopped, controls));
  const [tried, stopped, controls] = ['tried', 'stopped', 'controls'].map((key) => sumOf(table, key));
  out.push(line('', 'all', tried, stopped, controls));
  process.stdout.write(`\n${out.join('')}`);
  for (const [id, { later }] of table) if (later !== undefined) process.stdout.write(`${id} waits in part. ${later}\n`);
  const failed = [...table.values()].flatMap((row) => row.failed);
  for (const name of failed) process.stdout.write(`Not stopped: ${name}\n`);
  const untried = [...table].filter(([, row]) => row.tried === 0).map(([id]) => id);
  if (untried.length > 0) say(`Not tried in this run: ${untried.join(', ')}.`);
  if (isBroken) say('A part ended before it came to its tests: read its last lines above.');
  return failed.length > 0 || isBroken ? 1 : 0;
}
