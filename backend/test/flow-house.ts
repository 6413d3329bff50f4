import type { FlowDocument } from '@sluice/shared/flow';
import type { Actor } from '../src/platform/actor.js';
import { defaultCell } from '../src/platform/database/cell.js';
import { createTestDatabase } from './database.js';
import { type House, type HouseOptions, openHouse } from './open-house.js';
import { flowOf, seedConnection, seedFlow, seedWorkspace } from './seed.js';
import { send } from './send.js';
import { openSink, type Sink } from './sink.js';
import { waitFor } from './wait-for.js';

export const ada: Actor = { workspace: 'wsp_1', member: 'mbr_1', name: 'Ada', roles: ['owner'], requestId: 'req_1' };

/** A house on a database of its own with a sink, and what tests of flows need over and over. */
export interface FlowHouse {
  house: House;
  sink: Sink;
  /** Another process on the same database. */
  open(more?: Partial<HouseOptions>): Promise<House>;
  deploy(steps: object[], edges: string[], more?: Deploying): Promise<Deployed>;
  /** Sends an event and answers the id of its run. */
  start(to: Deployed, body: object): Promise<string>;
  /** Settles when the run is in this status. */
  reached(run: string, status?: string): Promise<RunRow>;
  runs(): Promise<RunRow[]>;
  /** `action step pass attempt` of each entry, oldest first. */
  actions(run: string): Promise<string[]>;
  close(): Promise<void>;
}

interface Deploying {
  keyed?: boolean;
  settings?: FlowDocument['settings'];
  config?: object;
  trigger?: 'webhook' | 'manual';
  /** Of the trigger step. */
  hook?: object;
}

export interface Deployed {
  flow: string;
  deployment: string;
  endpoint: string;
  secret: string;
  url: string;
}

export interface RunRow {
  id: string;
  status: string;
  owner: string | null;
  epoch: number;
  error: { code: string; message: string; step: string | null } | null;
  started_by: string;
  parent_run: string | null;
  retry_of: string | null;
}

export async function openFlowHouse(options: Partial<HouseOptions> = {}): Promise<FlowHouse> {
  const sink = await openSink();
  const database = await createTestDatabase();
  const open = (more: Partial<HouseOptions> = {}) =>
    openHouse({ cell: defaultCell(database.url), allowPrivateHosts: [sink.host], ...options, ...more });
  const house = await open();
  const others: House[] = [];
  await seedWorkspace(house.pool);
  const [keyed, unsafe] = await Promise.all(
    [true, false].map((isKeyed) => seedConnection(house.pool, { host: sink.host, keyed: isKeyed })),
  );
  const columns = 'id, status, owner, epoch, error, started_by, parent_run, retry_of';
  return {
    house,
    sink,
    async open(more) {
      const other = await open(more);
      others.push(other);
      return other;
    },
    async deploy(steps, edges, more = {}) {
      const { keyed: isKeyed = true, settings = {}, config = {}, trigger = 'webhook', hook = {} } = more;
      const document = flowOf(steps, edges, { settings });
      const manual = trigger === 'manual' ? { connector: 'manual', trigger: 'started' } : {};
      document.steps = document.steps.map((step) => (step.kind === 'trigger' ? { ...step, ...manual, ...hook } : step));
      const seeded = await seedFlow(house, { document, bindings: { api: (isKeyed ? keyed : unsafe) ?? '' }, config });
      return { url: house.url, ...seeded };
    },
    async start(to, body) {
      const { body: answer } = await send(to, body);
      return typeof answer === 'object' && answer !== null && 'runId' in answer ? String(answer.runId) : '';
    },
    reached: (run, status = 'succeeded') =>
      waitFor(async () => {
        const { rows } = await house.pool.query(`select ${columns} from run where id = $1`, [run]);
        return rows[0]?.status === status ? rows[0] : undefined;
      }),
    runs: async () => (await house.pool.query(`select ${columns} from run order by id`)).rows,
    async actions(run) {
      const { rows } = await house.pool.query('select body from audit_entry where run_id = $1 order by at, id', [run]);
      return rows.map((row) => {
        const { action, step, pass, attempt } = JSON.parse(row.body);
        return [action, step, pass, attempt].filter((part) => part !== undefined).join(' ');
      });
    },
    async close() {
      for (const other of others) await other.close();
      await house.close();
      await database.drop();
      await sink.close();
    },
  };
}

/** A step that posts to the sink what it is told to. */
export function call(id: string, host: string, body: object, more: object = {}): object {
  const input = { method: 'POST', url: `http://${host}/${id}`, body: { step: id, ...body } };
  return { id, kind: 'action', slot: 'api', action: 'request', input, ...more };
}

/** Bodies that the sink was sent, in the order of their arrival. */
export function bodiesOf({ calls }: Sink): unknown[] {
  return [...calls.values()]
    .flat()
    .sort((one, other) => one.at - other.at)
    .map(({ body }) => body);
}
