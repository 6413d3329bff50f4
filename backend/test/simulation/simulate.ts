import { Deployments } from '../../src/engine/deployments.js';
import { loadEnvironmentKeys } from '../../src/engine/run-keys.js';
import { rebuildRun } from '../../src/engine/rebuild.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { parseRootKey } from '../../src/platform/keys/root-key.js';
import { ledgerConnector } from '../ledger-connector.js';
import { type Climate, climateOf } from './climate.js';
import { environment, type Plant, plantOf, workspace } from './flows.js';
import { findDisordered } from './find-disordered.js';
import { findMiscoded, findMixedUp } from './find-miscoded.js';
import { findMissedSlots } from './find-missed-slots.js';
import { findOverlaps } from './find-overlaps.js';
import { House, publicUrl } from './house.js';
import { type Facts, findDifferent, findLost, findTwice, findUnheard, findUnwritten } from './invariants.js';
import { Machine } from './machine.js';
import { claimedOf, MemoryRunStore } from './memory-run-store.js';
import type { SandboxLine } from './memory-sandbox.js';
import { News } from './news.js';
import { People } from './people.js';
import { Senders } from './senders.js';
import { Service } from './service.js';
import { Tables } from './tables.js';
import { World } from './world.js';

export interface Outcome {
  seed: number;
  /** What is wrong: nothing, or sentences that name an invariant. */
  broken: string[];
  /** The same for the same seed and program. */
  fingerprint: string;
  /** How long the history took, by its own time. */
  seconds: number;
  runs: number;
  calls: number;
}

/** By its own time, after which a run that hasn't ended is taken for lost. */
const longestSeconds = 3600;

/** After the end of all trouble a schedule goes on for so long. */
const scheduledMs = 200_000;

/** One history: random flows, deliveries and troubles; all of it follows from the seed. */
export async function simulate(
  seed: number,
  onTrace: ((line: string) => void) | null = null,
  { isServiceForgetful = false } = {},
): Promise<Outcome> {
  const world = new World(seed, onTrace);
  const { chance } = world;
  const climate = climateOf(chance);
  const plant = plantOf(chance);
  const tables = new Tables(
    () => Math.floor(world.now),
    (line) => world.trace(line),
  );
  const service = new Service(world, isServiceForgetful);
  const sandbox: SandboxLine[] = [];
  const calmAt = world.genesis + climate.calmAfter * 1000;
  const scheduled = { from: world.genesis - 1000, until: calmAt + scheduledMs };
  const keyring = memoryKeyring(world);
  const keys = await loadEnvironmentKeys(keyring, { workspace, environment });
  const broken: string[] = [];
  const onError = (what: string) => broken.push(`the engine: ${what}`);
  const house: House = new House({
    world,
    climate,
    tables,
    service,
    sandbox,
    scheduled,
    marks: new Map(),
    plant,
    keyring,
    onError,
    onParking: (run, machine) => people.hurry(run, machine),
  });
  const senders = new Senders({ world, house, plant });
  const people: People = new People({
    world,
    tables,
    service,
    keys,
    publicUrl,
    callbacksOf: (id) => plant.callbacks.get(id) ?? [],
    anyEngine: () => house.any(),
  });
  house.start(chance.int(1, 3));
  senders.start(chance.int(3, 12));
  people.start();
  const isOver = () =>
    senders.open === 0 &&
    world.age > 45 &&
    (plant.scheduled === null || world.now > scheduled.until + 10_000) &&
    tables.isQuiet &&
    [...tables.runs.all()].every(({ endedAt }) => endedAt !== null);
  await world.run(longestSeconds, isOver);
  const facts: Facts = { tables, service, sandbox, taken: senders.taken, calmAt };
  broken.push(...findLost(facts), ...findUnheard(facts), ...findTwice(facts), ...findUnwritten(facts));
  broken.push(...findDisordered(facts, plant.deployments), ...findOverlaps(facts), ...findMiscoded(facts));
  if (plant.scheduled !== null) broken.push(...findMissedSlots(facts, { ...scheduled, readyAt: house.readyAt }));
  broken.push(...(await findBadReplays({ world, tables, plant, keyring, climate })));
  const runs = [...tables.runs.all()].length;
  return { seed, broken, fingerprint: world.fingerprint(), seconds: world.age, runs, calls: service.lines.length };
}

function memoryKeyring(world: World): Keyring {
  const rows = new Map<string, { version: number; wrapped: string; root_fingerprint: string }>();
  const database = {
    async query(sql: string, values: unknown[]) {
      const key = values.slice(0, 3).join('|');
      if (sql.startsWith('insert'))
        rows.set(key, { version: 1, wrapped: String(values[4]), root_fingerprint: String(values[5]) });
      const row = values.length > 0 ? rows.get(key) : undefined;
      return { rows: row === undefined ? [] : [row] };
    },
  };
  const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'the simulation');
  return new Keyring({ database, root, clock: { now: () => world.now } });
}

/** Rebuilds each run from its history, as a process would that takes it up. */
async function findBadReplays(of: {
  world: World;
  tables: Tables;
  plant: Plant;
  keyring: Keyring;
  climate: Climate;
}): Promise<string[]> {
  const { tables, plant, keyring, climate } = of;
  const world = new World(0);
  world.now = of.world.now;
  const rooms = {
    climate: { ...climate, calmAfter: 0 },
    isDatabaseAway: () => false,
    nextId: () => 0,
    onDeath: () => undefined,
  };
  const machine = new Machine('reader', world, rooms);
  const news = new News();
  const store = new MemoryRunStore({ machine, tables, news, deployments: plant.deployments, slots: plant.slots });
  const deployments = new Deployments(store, news.of(machine), { ledger: ledgerConnector });
  const found: string[] = [];
  let left = 0;
  for (const row of tables.runs.all()) {
    if (row.endedAt === null) continue;
    left += 1;
    const { clock, newId } = machine;
    rebuildRun(
      // What came after its end was never taken.
      { store, deployments, keyring, clock, newId, publicUrl, asks: { find: async () => [] } },
      { claimed: claimedOf(row, 0), owner: 'reader' },
    )
      .then(
        ({ run }) => found.push(...findDifferent(row, run), ...findMixedUp(run)),
        (error: unknown) => found.push(`N5 ${row.id} can't be replayed: ${String(error)}`),
      )
      .finally(() => {
        left -= 1;
      });
  }
  await world.run(longestSeconds * 1000, () => left === 0);
  return found;
}
