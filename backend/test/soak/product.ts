import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../backend/dist/main.js', import.meta.url));

/** One process of the built product over a database that it doesn't own, begun again whenever it ended. */
export class ProductProcess {
  readonly url: string;
  restarts = -1;
  private child: ChildProcess | null = null;
  private isWanted = true;

  private constructor(
    private readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(env: Readonly<Record<string, string>>): Promise<ProductProcess> {
    const started = new ProductProcess(await freePort(), env);
    started.run();
    return started;
  }

  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(name);
  }

  /** Resident memory in MiB; null while it isn't there. */
  memory(): number | null {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child?.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return null;
    }
  }

  async stop(): Promise<void> {
    this.isWanted = false;
    if (this.child === null || this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  private run(): void {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, PORT: String(this.port), LOG_LEVEL: 'fatal', ...this.env };
    this.restarts += 1;
    this.child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    this.child.once('exit', () => {
      if (this.isWanted) setTimeout(() => this.run(), 500);
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
