import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import type { TestCertificate } from './certificate.js';

const program = fileURLToPath(new URL('../../shared/verify/witness.mjs', import.meta.url));

export interface WitnessProcess {
  /** As it prints it. */
  key: string;
  port: number;
  stop(): Promise<void>;
}

/** The witness program of the repository, over TLS, in a folder of its own. */
export async function startWitness({
  folder,
  log,
  certificate,
}: {
  folder: string;
  /** Key of the log that it knows. */
  log: string;
  certificate: TestCertificate;
}): Promise<WitnessProcess> {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'cert-key.pem')];
  writeFileSync(cert, certificate.cert);
  writeFileSync(key, certificate.key);
  const state = join(folder, 'witness');
  const args = ['--name', 'witness.test/w1', '--state', state, '--log', log, '--port', '0', '--cert', cert];
  const child: ChildProcess = spawn(process.execPath, [program, ...args, '--cert-key', key], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no output');
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) if (said.push(line) === 2) break;
  return {
    key: said[0] ?? '',
    port: Number(/:(\d+)$/.exec(said[1] ?? '')?.[1]),
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
