import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../backend/dist/main.js', import.meta.url));
const movedDate = new URL('../../backend/test/soak/moved-date.mjs', import.meta.url);

/** One process of the built product over a database that it doesn't own, begun again whenever it ended. */
export class ProductProcess {
  readonly url: string;
  restarts = -1;
  private child: ChildProcess | null = null;
  private isWanted = true;

  private constructor(
    private readonly port: number,
    private readonly clockFile: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.moveClock(0);
    this.url = `http://127.0.0.1:${port}`;
  }

  /** What its clock says is in the file `clockFile`. */
  static async start(clockFile: string, env: Readonly<Record<string, string>>): Promise<ProductProcess> {
    const started = new ProductProcess(await freePort(), clockFile, env);
    started.run();
    return started;
  }

  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(name);
  }

  /** Its clock is so many milliseconds ahead from now on; its broker's is not. */
  moveClock(ahead: number): void {
    writeFileSync(this.clockFile, String(ahead));
  }

  /** `kill -9` of the broker that is its child, if it has one now. */
  killBroker(): boolean {
    const pid = this.child?.pid;
    const children = readProcess(`${pid}/task/${pid}/children`)?.trim().split(' ') ?? [];
    const broker = children.find((child) => readProcess(`${child}/cmdline`)?.includes('broker/main.js'));
    return broker !== undefined && process.kill(Number(broker), 'SIGKILL');
  }

  /** Resident memory in MiB; null while it isn't there. */
  memory(): number | null {
    const status = readProcess(`${this.child?.pid}/status`);
    return status === null ? null : Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
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
    this.child = spawn(process.execPath, ['--import', `${movedDate}?file=${this.clockFile}`, main], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.child.once('exit', () => {
      if (this.isWanted) setTimeout(() => this.run(), 500);
    });
  }
}

/** Null once the process is gone. */
function readProcess(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return null;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
