import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findNode } from './node.mjs';
import { capture, cleanEnvironment, root } from './process.mjs';
import { Failure, phase, say } from './say.mjs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium: a named one, the system's, one that apt installs (root on Debian), else the one from npm. */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Failure(`CHROMIUM_PATH names ${named}, which does not exist: correct it or unset it.`);
  }
  return installed() ?? (await installByApt()) ?? (await unpackFromNpm());
}

function installed() {
  return usual.find((path) => existsSync(path));
}

async function installByApt() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  const env = cleanEnvironment({ DEBIAN_FRONTEND: 'noninteractive' });
  return phase('Installing Chromium with apt-get (about 350 MB)', async () => {
    await capture('apt-get', ['update', '-q'], { env });
    const { code, output } = await capture('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
      env,
    });
    if (code !== 0) say(output.trim().split('\n').slice(-3).join('\n'));
    return installed();
  });
}

async function unpackFromNpm() {
  const script = "import('@sparticuz/chromium').then(async (m) => console.log(await m.default.executablePath()))";
  const options = { cwd: join(root, 'e2e') };
  const { code, output } = await phase('Unpacking Chromium from npm', () =>
    capture(findNode(), ['--input-type=module', '-e', script], options),
  );
  const path = output.trim().split('\n').at(-1) ?? '';
  if (code === 0 && existsSync(path)) return path;
  throw new Failure(
    'No Chromium was found for the browser tests: install one ("apt-get install chromium") or set CHROMIUM_PATH.',
  );
}
