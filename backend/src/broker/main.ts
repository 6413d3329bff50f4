import { readConfig } from '../config/env.js';
import { explainDatabase } from '../platform/database/explain-database.js';
import { isLogLevel, Log } from '../platform/log.js';
import { Counter } from './counter.js';
import { openDesk } from './open-desk.js';

// The broker as a child of the process that calls it. It lives as long as their line: a signal to the whole group, such as
// Ctrl-C, is for its parent, whose last calls it still has to carry.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));

async function main(): Promise<void> {
  const config = readConfig();
  const log = new Log(isLogLevel(config.logLevel) ? config.logLevel : 'info');
  const desk = await openDesk(config, config.databaseUrl ?? '', log);
  const counter = new Counter(desk, (replies) => void process.send?.(replies, undefined, undefined, () => undefined));
  process.on('message', (items) => counter.receive(Array.isArray(items) ? items : [items]));
  counter.greet();
}

main().catch((error: unknown) => {
  process.stderr.write(`The broker did not start: ${explainDatabase(error)?.message ?? String(error)}\n`);
  process.exit(1);
});
