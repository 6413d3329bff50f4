import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildProgram } from './build-program.js';

/** The program of `house-process.ts` as one file that plain Node runs. */
export interface HouseProgram {
  /** Settles once it listens, or was killed before. Rejects when it ended by itself. */
  spawn(args: string[]): Promise<HouseProcess>;
  remove(): Promise<void>;
}

export interface HouseProcess {
  /** Empty when it was killed before it listened. */
  url: string;
  process: ChildProcess;
  /** As a power cut would; settles when it is gone. */
  kill(): Promise<void>;
  /** In good order: what it carries is handed over. */
  end(): Promise<void>;
  /** `clock MILLISECONDS_AHEAD` or `fault FAULT`. */
  tell(what: string): void;
  /** Each point at which it holds a run. */
  onHeld(point: string): void;
  gone: Promise<unknown>;
}

export async function buildHouse(): Promise<HouseProgram> {
  const { file, remove } = await buildProgram('backend/test/house-process.ts');
  return { spawn: (args) => start(file, args), remove };
}

async function start(file: string, args: string[]): Promise<HouseProcess> {
  // Loading the program is most of what a start costs.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(dirname(file), 'compiled') };
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const gone = once(child, 'exit');
  // What is written to a process that dies is nobody's loss.
  child.stdin.on('error', () => undefined);
  const house: HouseProcess = {
    url: '',
    process: child,
    gone,
    onHeld: () => undefined,
    tell: (what) => void child.stdin.write(`${what}\n`),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async end() {
      child.kill('SIGTERM');
      await gone;
    },
  };
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word = '', point = ''] = line.split(' ');
      if (word === 'held') house.onHeld(point);
      // Whatever else it says is its log.
      if (!word.startsWith('http://')) return;
      house.url = word;
      resolve();
    });
    child.once('exit', (code) => {
      if (code === null) resolve();
      else reject(new Error('The process ended before it listened.'));
    });
  });
  return house;
}
