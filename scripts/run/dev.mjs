import { join } from 'node:path';
import { findNode } from './node.mjs';
import { prepare } from './prepare.mjs';
import { ended, hasToStop, root, start } from './process.mjs';
import { say } from './say.mjs';

/** Compiler, server and editor, each watching; when one ends the others are stopped. */
export async function dev() {
  await prepare(['backend', 'frontend']);
  const node = findNode();
  const children = [
    start(node, ['node_modules/typescript/bin/tsc', '-b', 'shared', 'backend', '--watch', '--preserveWatchOutput'], {
      cwd: root,
    }),
    start(node, [
      '--watch',
      '--watch-preserve-output',
      '--enable-source-maps',
      join(root, 'backend/dist/demo/main.js'),
    ]),
    start(node, ['node_modules/vite/bin/vite.js', 'frontend'], { cwd: root }),
  ];
  const ends = children.map(ended);
  const code = await Promise.race(ends);
  const wasAsked = hasToStop();
  if (!wasAsked) say('One of the watchers ended: stopping the others.');
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ends);
  return wasAsked ? 0 : code || 1;
}
