import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { armFault, type Fault } from '../src/engine/faults.js';
import { defaultCell } from '../src/platform/database/cell.js';
import { Holds } from './faults/holds.js';
import { ledgerConnector } from './ledger-connector.js';
import { MovedClock } from './moved-clock.js';
import { openHouse } from './open-house.js';

/**
 * A process of its own that takes deliveries and carries runs until it is killed: `DATABASE_URL SINK_HOST [FAULT|-] [LEASE_SECONDS]`.
 * It says where it listens, and then each point at which it holds a run. It is told `clock MILLISECONDS_AHEAD` and `fault FAULT`,
 * and ends with whoever started it.
 */
const [, , url = '', sink = '', fault = '-', leaseSeconds = '1.5'] = process.argv;
const clock = new MovedClock();
let armed: Fault = armFault(fault === '-' ? null : fault);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [word, value = ''] = line.split(' ');
    if (word === 'clock') clock.ahead = Number(value);
    if (word === 'fault') armed = armFault(value);
  })
  .on('close', () => process.exit(0));
const house = await openHouse({
  cell: defaultCell(url),
  allowPrivateHosts: [sink],
  fault: (point) => armed(point),
  between: new Holds((point) => process.stdout.write(`held ${point}\n`)),
  leaseSeconds: Number(leaseSeconds),
  clock,
  connectors: { ledger: ledgerConnector },
});
process.stdout.write(`${house.url}\n`);
// Whoever is killed writes no cache at its end, and the next one would compile everything again.
flushCompileCache();
process.once('SIGTERM', () => void house.close().then(() => process.exit(0)));
