import { findNode } from './node.mjs';
import { prepare } from './prepare.mjs';
import { capture, root } from './process.mjs';
import { phase } from './say.mjs';

const tsc = 'node_modules/typescript/bin/tsc';

/** Under a minute, or it will not be run. */
const checks = {
  types: [tsc, '-b'],
  'types of shared tests': [tsc, '-p', 'shared/tsconfig.test.json'],
  'types of backend tests': [tsc, '-p', 'backend/tsconfig.test.json'],
  'types of frontend tests': [tsc, '-p', 'frontend/tsconfig.test.json'],
  'lint and import rules': [
    'node_modules/oxlint/bin/oxlint',
    '--type-aware',
    '--disable-nested-config',
    '--deny-warnings',
    '--report-unused-disable-directives',
    '--format=stylish',
  ],
  format: ['node_modules/@biomejs/biome/bin/biome', 'format', '--max-diagnostics=30'],
  'dead code': ['node_modules/knip/bin/knip.js', '--no-progress'],
};

/** Runs every check, also after one failed. */
export async function runChecks() {
  const failed = [];
  const names = Object.keys(checks);
  for (const name of names) {
    const { code, output } = await phase(`Check: ${name}`, () => capture(findNode(), checks[name], { cwd: root }));
    if (code === 0) continue;
    failed.push(name);
    process.stderr.write(`${output.trimEnd()}\nFailed: ${name}\n`);
  }
  return { passed: names.length - failed.length, failed: failed.length, skipped: 0, names: failed, failures: failed };
}

export async function check() {
  await prepare();
  const { names: failed } = await runChecks();
  process.stdout.write(
    failed.length === 0 ? 'All checks passed.\n' : `Failed: ${failed.join(', ')}. "npm run fix" formats.\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

/** Formats; the rest needs a person. */
export async function fix() {
  await prepare();
  const { code, output } = await capture(findNode(), ['node_modules/@biomejs/biome/bin/biome', 'format', '--write'], {
    cwd: root,
  });
  process.stdout.write(output);
  return code;
}
