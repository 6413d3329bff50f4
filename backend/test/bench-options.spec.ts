import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));

it('the bench says at once that the folder for its profiles is not there, and starts nothing', async () => {
  const asked = promisify(execFile)(process.execPath, [bench, 'ack', '--profile', '/nowhere/at-all']);
  await expect(asked).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'There is no folder /nowhere/at-all to put CPU profiles into: make it, then start again.\n',
  });
});
