import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainFailure } from './explain.js';
import type { Placement } from './placement.js';
import { findPostmaster, type Postmaster, readPostmaster } from './postmaster.js';
import type { Program } from './program.js';

export interface Launch {
  program: Program;
  placement: Placement;
  flags: Readonly<Record<string, string>>;
  onProgress?: ((message: string) => void) | undefined;
  /** The only one to try: for a server that others know the address of. */
  port?: number | undefined;
}

/**
 * Below Linux's ephemeral ports, so that no outgoing connection holds one. The first one tried follows from the folder:
 * PostgreSQL can't choose a port itself, and asking the system for a free one first would race.
 */
const firstPort = 20_000;
const ports = 10_000;
const attempts = 50;

/** A log holds constant texts only: statements and row values of errors stay out of it. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  max_connections: '200',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/**
 * Starts the server process; it is up when its pid file names it, ready when it lets us connect.
 * Null when another process started one on the same folder at the same moment.
 */
export async function launch(input: Launch): Promise<Postmaster | null> {
  const { placement } = input;
  await rotateLog(placement.logFile);
  const offset = createHash('sha256').update(placement.data).digest().readUInt32BE(0);
  for (let attempt = 0; ; attempt++) {
    const port = input.port ?? firstPort + ((offset + attempt) % ports);
    const { postmaster, output } = await launchOn(port, input);
    if (postmaster !== null) return postmaster;
    // A server that was killed leaves helpers behind that hold its memory for a moment.
    const isTransient = /pre-existing shared memory|lock file "postmaster.pid" already exists/.test(output);
    const isPortTaken = output.includes('could not create any TCP/IP sockets');
    if (attempt >= attempts || !(isTransient || isPortTaken)) throw explainFailure({ output, placement });
    if (isTransient || input.port !== undefined) {
      if ((await findPostmaster(placement.data)) !== null) return null;
      await sleep(200);
    }
  }
}

async function launchOn(port: number, { program, placement, flags, onProgress }: Launch) {
  const log = await open(placement.logFile, 'a', 0o600);
  const { size } = await log.stat();
  const options = Object.entries({ ...settings, ...flags, port: String(port) });
  // Detached: Ctrl-C reaches the program alone, which stops the database last.
  const child = spawn(
    join(program.folder, 'bin', 'postgres'),
    ['-D', placement.data, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...placement.account, cwd: placement.folder, env: {}, detached: true, stdio: ['ignore', log.fd, log.fd] },
  );
  const ended = watch(child);
  await log.close();
  child.unref();
  for (let polls = 0; ; polls++) {
    if (ended.reason !== null) {
      const written = await readFile(placement.logFile);
      return { postmaster: null, output: `${ended.reason}\n${written.subarray(size).toString()}` };
    }
    const postmaster = await readPostmaster(placement.data);
    if (postmaster?.isListening && postmaster.pid === child.pid) return { postmaster, output: '' };
    if (polls === 100) onProgress?.('The database is taking its time to start.');
    await sleep(20);
  }
}

function watch(child: ChildProcess): { reason: string | null } {
  const ended: { reason: string | null } = { reason: null };
  child.once('error', (error) => {
    ended.reason = error.message;
  });
  child.once('exit', (code, signal) => {
    ended.reason = `ended with ${signal ?? code}`;
  });
  return ended;
}

async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (entry) => entry.size,
    () => 0,
  );
  if (size > 10 * 1024 * 1024) await rename(file, `${file}.1`);
}
