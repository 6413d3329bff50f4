import { once } from 'node:events';
import { join } from 'node:path';
import { readConfig } from '../config/env.js';
import { StartProblem } from '../config/start-problem.js';
import { ApiRefusal } from './client.js';
import { type Demo, openDemo, saveDemo } from './demo-file.js';
import { introduce, offerCodes } from './introduce.js';
import { owner, signInOperator } from './members.js';
import { type Options, readOptions, usage } from './options.js';
import { type Product, startProduct } from './product.js';
import { say } from './say.js';
import { seed } from './seed.js';
import { sendEvents } from './send.js';
import { type StandIns, startStandIns } from './stand-ins.js';
import { describe, settledRuns } from './summary.js';

/** A person can follow it; a test does not have to. */
const pauseMs = { watched: 4000, once: 250 };

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(usage);
    return 0;
  }
  const { dataDir, logLevel } = readConfig();
  const folder = `${dataDir}-demo`;
  const stop = stopSignal();
  const known = await openDemo(folder, owner);
  const standIns = await startStandIns();
  try {
    const product = await startProduct(
      {
        SLUICE_DATA_DIR: join(folder, known.house),
        SLUICE_DOUBLES: standIns.doubles,
        SLUICE_ADMIN_EMAIL: known.owner.email,
        SLUICE_ADMIN_PASSWORD: known.password,
        SLUICE_ADMIN_TOTP_SECRET: known.owner.totpSecret,
        // The demo says what happens; a person who wants the log asks for it.
        LOG_LEVEL: logLevel === 'info' ? 'warn' : logLevel,
        // Somebody's real database, key and address are none of the demo's business.
        DATABASE_URL: '',
        SLUICE_ROOT_KEY: '',
        SLUICE_KMS: '',
        SLUICE_ROLES: '',
        PUBLIC_URL: '',
      },
      stop.signal,
    );
    if (product === null) return stop.signal.aborted ? 0 : 1;
    return await attend({ product, standIns, known, folder, options, stop });
  } finally {
    await standIns.stop();
  }
}

interface Show {
  product: Product;
  standIns: StandIns;
  known: Demo;
  folder: string;
  options: Options;
  stop: AbortController;
}

/** Everything between the product's start and its end. Answers the exit code. */
async function attend(show: Show): Promise<number> {
  const { product, standIns, known, folder, stop } = show;
  const { url } = product;
  const { signal } = stop;
  void product.ended.then(() => stop.abort());
  try {
    const demo = known.isComplete ? known : await seed({ url, demo: known, standIns });
    if (demo !== known) await saveDemo(folder, demo);
    if (!signal.aborted) await perform({ ...show, known: demo });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await product.stop();
  }
  return await product.ended;
}

/** Introduces everybody, sends the events and says what became of them. Ends when asked to. */
async function perform({ product, standIns, known: demo, options, stop }: Show): Promise<void> {
  const { url } = product;
  const { signal } = stop;
  const { events, once: isBrief } = options;
  await introduce(url, demo);
  if (!isBrief) offerCodes(demo, signal);
  const since = new Date();
  const sent = await sendEvents(
    { url, demo, faults: standIns, events, pauseMs: isBrief ? pauseMs.once : pauseMs.watched },
    signal,
  );
  if (!signal.aborted && events !== null) {
    const runs = await settledRuns(await signInOperator(url, demo), since, signal);
    say(describe(sent, runs));
  }
  if (!isBrief && !signal.aborted) await once(signal, 'abort');
}

/** Aborted by Ctrl-C or whoever ends us; asked twice, we go at once. */
function stopSignal(): AbortController {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  }
  return stop;
}

function fail(error: unknown): never {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exit(1);
}

function wordsOf(error: unknown): string {
  if (error instanceof StartProblem || error instanceof ApiRefusal) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then((code) => process.exit(code), fail);
