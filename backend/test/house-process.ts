import { defaultCell } from '../src/platform/database/cell.js';
import { ledgerConnector } from './ledger-connector.js';
import { openHouse } from './open-house.js';

/** A process of its own that takes deliveries and carries runs until it is killed: `DATABASE_URL SINK_HOST [FAULT|-] [LEASE_SECONDS]`. */
const [, , url = '', sink = '', fault = '-', leaseSeconds = '1.5'] = process.argv;
const house = await openHouse({
  cell: defaultCell(url),
  allowPrivateHosts: [sink],
  fault: fault === '-' ? null : fault,
  leaseSeconds: Number(leaseSeconds),
  connectors: { ledger: ledgerConnector },
});
process.stdout.write(`${house.url}\n`);
process.once('SIGTERM', () => void house.close().then(() => process.exit(0)));
