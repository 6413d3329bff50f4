import type { KeyObject } from 'node:crypto';
import { brokerEnvironment } from '../config/child-environment.js';
import type { Config } from '../config/env.js';
import { StartProblem } from '../config/start-problem.js';
import type { Log } from '../platform/log.js';
import { dialChild } from './child-link.js';
import { type CallFailed, LinkedBroker } from './linked-broker.js';
import { openDesk } from './open-desk.js';
import { openSocketDoor } from './socket-door.js';
import { dialSocket } from './socket-link.js';

/** Calls under way at a stop get this long to end. */
const patienceMs = 10_000;

interface House {
  config: Config;
  /** Of the database. */
  url: string;
  log: Log;
}

export interface ReachedBroker {
  broker: LinkedBroker;
  /** Throws StartProblem when a child can't be started. A broker elsewhere may come later: calls wait for it. */
  open(): Promise<void>;
}

/** The broker that this process calls: a child of its own where SLUICE_ROLES says so, else the one at the socket. */
export function reachBroker(
  { config, url, log }: House,
  caller: { key: KeyObject; now: () => number; failed: CallFailed },
): ReachedBroker {
  const isOurs = config.roles.has('broker');
  const broker = new LinkedBroker({
    ...caller,
    dial: isOurs ? dialChild(brokerEnvironment(url, config.blobDir)) : dialSocket(config.brokerSocket),
    report: (why) => log.warn('the broker is away: what needs it waits', { why }),
  });
  return {
    broker,
    async open() {
      try {
        await broker.open();
      } catch (cause) {
        if (!isOurs) return;
        await broker.close();
        throw new StartProblem('Sluice can not start without its broker: see above why it ended.', { cause });
      }
    },
  };
}

/** This process as the broker of others. Answers how to end it. Throws StartProblem. */
export async function serveCallers({ config, url, log }: House): Promise<() => Promise<void>> {
  const desk = await openDesk(config, url, log);
  const report = (why: string) => log.info('a caller is gone', { why });
  const close = await openSocketDoor({ desk, path: config.brokerSocket, report });
  return () => close(patienceMs);
}
