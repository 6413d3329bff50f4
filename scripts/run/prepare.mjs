import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { install, isInstalled } from './install.mjs';
import { withLock } from './lock.mjs';
import { findNode } from './node.mjs';
import { capture, hasToStop, root } from './process.mjs';
import { Failure, phase } from './say.mjs';
import { hashOf, hasStamp, writeStamp } from './stamp.mjs';

const settings = [
  'package-lock.json',
  'tsconfig.base.json',
  'shared/src',
  'shared/package.json',
  'shared/tsconfig.json',
];

/** What can be built: from which files, with which tool, and one file that proves it is there. */
const parts = {
  backend: {
    title: 'Building the server',
    sources: [...settings, 'backend/src', 'backend/package.json', 'backend/tsconfig.json'],
    proof: 'backend/dist/main.js',
    command: ['node_modules/typescript/bin/tsc', '-b', 'shared', 'backend'],
  },
  frontend: {
    title: 'Building the editor',
    sources: [
      ...settings,
      'frontend/src',
      'frontend/public',
      'frontend/index.html',
      'frontend/vite.config.ts',
      'frontend/package.json',
    ],
    proof: 'frontend/dist/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', 'frontend', '--logLevel', 'warn'],
    // Vite's React plugin and the app read NODE_ENV; a person's own value must not make it a development build.
    environment: { NODE_ENV: 'production' },
  },
};

/** Installs and builds what is missing or older than its sources. Costs about 0.1 s when nothing is. */
export async function prepare(wanted = []) {
  const isReady = () => isInstalled() && wanted.every((name) => isBuilt(parts[name]));
  if (isReady()) return;
  await withLock(async () => {
    if (!isInstalled()) await install();
    for (const name of wanted) {
      if (hasToStop()) throw new Failure('Stopped.');
      if (!isBuilt(parts[name])) await build(parts[name]);
    }
  });
}

function isBuilt({ sources, proof }) {
  return existsSync(join(root, proof)) && hasStamp(stampOf(proof), hashOf(sources));
}

function stampOf(proof) {
  return `built-${proof.split('/')[0]}`;
}

async function build({ title, sources, proof, command, environment = {} }) {
  const value = hashOf(sources);
  // Without its proof an incremental build may believe that all is there.
  const isFull = command.includes('-b') && !existsSync(join(root, proof));
  await phase(title, async () => {
    const env = { ...process.env, ...environment };
    const { code, output } = await capture(findNode(), [...command, ...(isFull ? ['--force'] : [])], {
      cwd: root,
      env,
    });
    if (code !== 0)
      throw new Failure(`${output.trimEnd()}\n${title} failed: mend what the lines above name and run it again.`);
  });
  if (!existsSync(join(root, proof))) throw new Failure(`${title} made no ${proof}: check that its source is there.`);
  writeStamp(stampOf(proof), value);
}
