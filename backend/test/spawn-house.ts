import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildProgram } from './build-program.js';

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
  const { file, remove } = await buildProgram('backend/test/house-process.ts');
  return { spawn: (args) => start(file, args), remove };
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
