import { serveCallers } from '../src/broker/broker.js';
import { readConfig } from '../src/config/env.js';
import { Log } from '../src/platform/log.js';

/** A broker alone, on the socket that the environment names, until it is killed or asked to end. */
const config = readConfig();
const end = await serveCallers({ config, url: config.databaseUrl ?? '', log: new Log('silent') });
process.once('SIGTERM', () => void end().then(() => process.exit(0)));
