import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fixtures/product.js';

const demo = fileURLToPath(new URL('../../backend/dist/demo/main.js', import.meta.url));

/** The demo as a person starts it, except that it ends by itself. */
describe('npm run demo', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  async function runDemo(...args: string[]): Promise<{ code: unknown; output: string }> {
    const child = spawn(process.execPath, ['--enable-source-maps', demo, '--once', ...args], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: String(await freePort()),
        SLUICE_DATA_DIR: join(folder, 'data'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    const [code]: unknown[] = await once(child, 'close');
    return { code, output };
  }

  it('sets everything up, sends signed events through the flows, and says what became of them', async () => {
    const { code, output } = await runDemo('--events', '8');

    expect(code, output).toBe(0);
    for (const name of ['Ida Olsen', 'Lena Brandt', 'Mira Sato', 'Noor Haddad', 'Tom Vogel'])
      expect(output).toContain(name);
    expect(output).toContain('401 The signature is wrong');
    // The declined refund fails its run; the payment while the CRM is down is tried again and succeeds.
    expect(output).toContain('Sent 8 events: 6 accepted, 1 repeated, 1 refused. Runs: 1 failed, 5 succeeded.');
  });

  it('finds it all there the next time, and only sends', async () => {
    const { code, output } = await runDemo('--events', '2');

    expect(code, output).toBe(0);
    expect(output).not.toContain('Inviting');
    expect(output).toContain('Sent 2 events: 2 accepted, 0 repeated, 0 refused. Runs: 2 succeeded.');
  });
});
