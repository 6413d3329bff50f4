import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shared = (room: string) => join(root, 'shared/src', room, 'index.ts');

/** The program of `house-process.ts` as one file that plain Node runs. */
export interface HouseProgram {
  spawn(args: string[]): Promise<HouseProcess>;
  remove(): Promise<void>;
}

export interface HouseProcess {
  url: string;
  process: ChildProcess;
  /** As a power cut would; settles when it is gone. */
  kill(): Promise<void>;
  gone: Promise<unknown>;
}

export async function buildHouse(): Promise<HouseProgram> {
  // Below the repository, so that its libraries are found.
  const outDir = join(root, '.cache', `house-${process.pid}`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: Object.fromEntries(
        ['flow', 'connector', 'api', 'audit', 'lib'].map((room) => [`@sluice/shared/${room}`, shared(room)]),
      ),
    },
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    build: {
      ssr: join(root, 'backend/test/house-process.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
    },
  });
  return {
    spawn: (args) => start(join(outDir, 'house-process.js'), args),
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}

async function start(file: string, args: string[]): Promise<HouseProcess> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  let said = '';
  child.stdout.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: string) => {
      said += text;
      if (said.includes('\n')) resolve();
    });
    child.once('exit', () => reject(new Error('The process ended before it listened.')));
  });
  return {
    url: said.trim(),
    process: child,
    gone,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
