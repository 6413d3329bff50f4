import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './process.mjs';
import { Failure, say } from './say.mjs';

const folder = join(root, '.cache', 'prepare.lock');
const owner = join(folder, 'pid');

/** Only one process installs and builds in a clone at a time; the others wait and then find it done. */
export async function withLock(work) {
  await take();
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take() {
  mkdir(join(root, '.cache'));
  let isTold = false;
  for (let polls = 0; !mkdir(folder); polls++) {
    const pid = readOwner();
    // Making the folder and writing the id are two steps, so a folder without an id gets a second of grace.
    if (pid === null ? polls > 4 : !isAlive(pid)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!isTold) say(`Waiting for process ${pid ?? '?'}, which installs or builds in this folder.`);
    isTold = true;
    await sleep(250);
  }
  writeFileSync(owner, String(process.pid));
}

/** True when we made it, false when it was there. */
function mkdir(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new Failure(
      `The folder ${path} can't be made (${error.code}): make ${root} writable and free some disk space.`,
    );
  }
}

function readOwner() {
  try {
    const pid = Number(readFileSync(owner, 'utf8'));
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
