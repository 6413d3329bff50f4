#!/usr/bin/env node
// One door for every daily task: `node scripts/run.mjs start | test | dev | check | fix | bench | demo | cli | simulate | ...`.
// It runs on Node 20 with nothing installed, brings what is missing, and then hands over to Node 24 from node_modules.
import { join } from 'node:path';
import { check, fix } from './run/check.mjs';
import { findChromium } from './run/chromium.mjs';
import { dev } from './run/dev.mjs';
import { newConnector } from './run/new-connector.mjs';
import { findNode, productFlags } from './run/node.mjs';
import { prepare } from './run/prepare.mjs';
import { hasToStop, root, runToEnd } from './run/process.mjs';
import { fail, Failure } from './run/say.mjs';
import { test } from './run/test.mjs';
import { testSecurity } from './run/test-security.mjs';

/** Builds what the program needs, then becomes it: same arguments, same current directory, same exit code. */
function program(file, parts) {
  return async (args) => {
    await prepare(parts);
    const code = await runToEnd(findNode(), [...productFlags, join(root, file), ...args]);
    // Nest raises the signal again after its hooks, so a clean stop that was asked for ends with 143 or 130.
    return hasToStop() && [130, 143].includes(code) ? 0 : code;
  };
}

/** A program that is no part of the product: built from its source each time. */
function source(file, parts = []) {
  return async (args) => {
    await prepare(parts);
    return await runToEnd(findNode(), [join(root, 'scripts/run-source.mjs'), file, ...args], { cwd: root });
  };
}

const tasks = {
  start: program('backend/dist/main.js', ['backend', 'frontend']),
  demo: program('backend/dist/demo/main.js', ['backend', 'frontend']),
  cli: program('backend/dist/cli/main.js', ['backend']),
  bench: program('bench/run.mjs', ['backend', 'frontend']),
  async 'bench:editor'(args) {
    process.env.CHROMIUM_PATH = await findChromium();
    return await program('bench/editor.mjs', ['backend', 'frontend'])(args);
  },
  simulate: source('backend/test/simulation/main.ts'),
  'test:security': testSecurity,
  'test:faults': source('backend/test/faults/main.ts'),
  soak: source('backend/test/soak/main.ts', ['backend', 'frontend']),
  'new:connector': newConnector,
  dev,
  test,
  check,
  fix,
};

try {
  const [name = '', ...args] = process.argv.slice(2);
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task === undefined) throw new Failure(`Say what to run: ${Object.keys(tasks).join(', ')}.`);
  process.exitCode = await task(args);
} catch (error) {
  process.exitCode = fail(error);
}
