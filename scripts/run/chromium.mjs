import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findNode } from './node.mjs';
import { installByApt } from './debian.mjs';
import { capture, root } from './process.mjs';
import { Failure, phase } from './say.mjs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium: a named one, the system's, one that apt installs (root on Debian), else the one from npm. */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Failure(`CHROMIUM_PATH names ${named}, which does not exist: correct it or unset it.`);
  }
  if (installed() === undefined) await installByApt('chromium', 'about 350 MB');
  return installed() ?? (await unpackFromNpm());
}

function installed() {
  return usual.find((path) => existsSync(path));
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
