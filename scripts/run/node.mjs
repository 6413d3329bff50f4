import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';
import { Failure } from './say.mjs';

/**
 * How the product's processes are started. Node lets the young generation grow to 64 MB where there is memory; what a run
 * leaves is garbage at once, and 16 MB cost no CPU that could be measured (8 did) and save 80 MB of 570 under load.
 */
export const productFlags = ['--enable-source-maps', '--max-semi-space-size=16'];

const oldest = [22, 12];

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

let found;

/** Node 24 as npm brought it, else the one that runs us when it is new enough. */
export function findNode() {
  found ??= look();
  return found;
}

function look() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const bundled = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name);
  if (existsSync(bundled)) {
    const { status, stdout } = spawnSync(bundled, ['--version'], { encoding: 'utf8' });
    if (status === 0 && isNewEnough(stdout)) return bundled;
  }
  if (isNewEnough(process.version)) return process.execPath;
  throw new Failure(
    `Sluice needs Node ${oldest.join('.')} or newer and npm brings none for ${process.platform} ${process.arch}: this is ${process.version}, install Node 24 from nodejs.org.`,
  );
}
