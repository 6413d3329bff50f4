import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, cleanEnvironment, root } from './process.mjs';
import { Failure, phase } from './say.mjs';
import { hashOf, hasStamp, writeStamp } from './stamp.mjs';

/** Where a person's own registry, cache and proxy may be named; everything else npm set for this script is dropped. */
const npmSettings =
  /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|noproxy|cafile|strict_ssl|offline)$/;

/** True when node_modules is what the lock file says. */
export function isInstalled() {
  return existsSync(join(root, 'node_modules')) && hasStamp('installed', lockHash());
}

function lockHash() {
  return hashOf(['package-lock.json']);
}

export async function install() {
  await phase('Installing packages', async () => {
    const settings = Object.entries(process.env).filter(([name]) => npmSettings.test(name));
    const npm = process.env.npm_execpath;
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const options = { cwd: root, env: cleanEnvironment(Object.fromEntries(settings)) };
    const { code, output } = await (npm?.endsWith('.js')
      ? capture(process.execPath, [npm, ...args], options)
      : capture('npm', args, { ...options, shell: process.platform === 'win32' })
    ).catch((error) => {
      throw new Failure(`npm can't be started (${error.message}): install Node 24 from nodejs.org, which brings it.`);
    });
    if (code !== 0) throw new Failure(explain(output));
  });
  writeStamp('installed', lockHash());
}

function explain(output) {
  const first = output.trim().split('\n').slice(0, 12).join('\n');
  const advice = advices.find(([pattern]) => pattern.test(output))?.[1] ?? 'read the lines above and run it again';
  return `${first}\nnpm could not install the packages: ${advice}.`;
}

const advices = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i,
    'the registry was not reached, check the network and run it again',
  ],
  [/ENOSPC/, 'the disk is full, free 1 GB and run it again'],
  [/EACCES|EPERM|EROFS/, 'this folder can not be written, start it as the user that owns it'],
  [
    /EUSAGE|not in sync|lockfileVersion/i,
    'package.json and package-lock.json disagree, run "npm install" and commit the lock file',
  ],
  [/EINTEGRITY/, 'a package is not what the lock file promises, run "npm cache clean --force" and try again'],
];
