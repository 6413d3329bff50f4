import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StartProblem } from '../config/start-problem.js';
import { Counter } from './counter.js';
import type { Desk } from './desk.js';
import type { Link } from './link.js';
import type { Reply } from './messages.js';
import { linkOver } from './socket-link.js';

/** Only our own user may knock. */
const othersKeepOut = 0o177;

/** Lets callers in at `path`, one counter each. Answers how to close it. Throws StartProblem. */
export async function openSocketDoor({
  desk,
  path,
  report,
}: {
  desk: Desk;
  path: string;
  report: (why: string) => void;
}): Promise<(patienceMs: number) => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const link: Link<Reply> = linkOver(socket, {
      receive: (items) => counter.receive(items),
      lost: (why) => {
        sockets.delete(socket);
        counter.hangUp();
        report(why);
      },
    });
    const counter = new Counter(desk, (replies) => link.send(replies));
    counter.greet();
  });
  await listen(server, path);
  return async (patienceMs) => {
    server.close();
    await desk.close(patienceMs);
    // The last answers go out at the end of their turn.
    await nextTurn();
    for (const socket of sockets) socket.destroySoon();
  };
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    if (await isAnswered(path)) {
      throw new StartProblem(
        `Another broker listens at ${path}: stop it, or set SLUICE_BROKER_SOCKET to another path.`,
      );
    }
    // What a broker that was killed has left.
    await rm(path, { force: true });
    await bind(server, path);
  } catch (cause) {
    if (cause instanceof StartProblem) throw cause;
    throw new StartProblem(
      `The broker can't listen at ${path}: make its folder writable, or set SLUICE_BROKER_SOCKET to another path.`,
      { cause },
    );
  }
}

/** The socket is made within this turn, so the mask holds for nothing else. */
async function bind(server: Server, path: string): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const mask = process.umask(othersKeepOut);
    server.listen(path, resolve);
    process.umask(mask);
  });
  await listening;
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
