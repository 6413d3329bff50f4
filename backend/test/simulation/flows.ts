import { emptyDocument, type FlowDocument, flowDocumentSchema } from '@sluice/shared/flow';
import type { DeploymentRow, SlotRows } from '../../src/engine/store/run-store.js';
import type { Chance } from './chance.js';

export const workspace = 'wsp_1';
export const environment = 'dev';
const effects = ['natural', 'keyed', 'checkable', 'unsafe'] as const;

const policy = { approval: false, production: false, code: true };
const triggers = {
  manual: { connector: 'manual', trigger: 'started' },
  webhook: { connector: 'webhook', trigger: 'received' },
  schedule: { connector: 'schedule', trigger: 'due', config: { pattern: '* * * * *', timeZone: 'UTC' } },
};

/** What a history's flows are deployed as: some begin by a delivery, one by hand, at times one each minute. */
export interface Plant {
  deployments: Map<string, DeploymentRow>;
  slots: SlotRows;
  /** Ids of deployments that deliveries begin. */
  entrances: string[];
  /** The id of the deployment that begins each minute; null when none does. */
  scheduled: string | null;
  /** Ids of callback steps outside of loops, by deployment. */
  callbacks: Map<string, string[]>;
}

export function plantOf(chance: Chance): Plant {
  const deployments = new Map<string, DeploymentRow>();
  const entrances: string[] = [];
  const callbacks = new Map<string, string[]>();
  const add = (n: number, document: FlowDocument) => {
    const id = `dep_${n}`;
    const flow = { flow_id: `flw_${n}`, name: `Flow ${n}`, version: 1, hash: `hash ${n}`, document };
    const place = { workspace_id: workspace, environment, bindings: { api: 'con_1' }, policy, keep_days: 90 };
    deployments.set(id, { id, ...flow, ...place });
    callbacks.set(
      id,
      document.steps.flatMap((step) => (step.kind === 'callback' ? [step.id] : [])),
    );
    return id;
  };
  add(0, documentOf(chance, { trigger: 'manual', subflow: null }));
  const errorFlow = chance.happens(0.3) ? { onFailure: { flow: 'flw_0' } } : {};
  const limit = chance.happens(0.2) ? { timeoutSeconds: chance.int(5, 60) } : {};
  for (let n = 1; n <= chance.int(1, 3); n += 1)
    entrances.push(
      add(
        n,
        documentOf(chance, {
          trigger: 'webhook',
          subflow: 'flw_0',
          settings: { ...errorFlow, ...limit },
          line: chance.happens(0.3) ? { key: { $: 'trigger.body.n % 2' }, inOrder: true } : {},
        }),
      ),
    );
  const scheduled = chance.happens(0.4) ? add(4, documentOf(chance, { trigger: 'schedule', subflow: 'flw_0' })) : null;
  const connection = { id: 'con_1', connector: 'ledger', config: { host: 'ledger.test' }, hosts: ['ledger.test'] };
  return {
    callbacks,
    deployments,
    scheduled,
    slots: { connections: [connection], grants: [{ slot: 'api', id: 'grt_1', withheld: [] }] },
    entrances,
  };
}

function documentOf(
  chance: Chance,
  {
    trigger,
    subflow,
    settings = {},
    line = {},
  }: { trigger: keyof typeof triggers; subflow: string | null; settings?: object; line?: object },
): FlowDocument {
  const names = new Names();
  const { steps, edges } = graphOf(chance, { names, subflow, depth: 0, first: 'hook' });
  return flowDocumentSchema.parse({
    ...emptyDocument(),
    slots: { api: { connector: 'ledger' } },
    settings,
    steps: [{ id: 'hook', kind: 'trigger', ...triggers[trigger], ...line }, ...steps],
    edges,
  });
}

class Names {
  private count = 0;

  next(): string {
    return `s${this.count++}`;
  }
}

interface Making {
  names: Names;
  subflow: string | null;
  depth: number;
  first: string | null;
}

function graphOf(chance: Chance, making: Making): { steps: object[]; edges: object[] } {
  const steps: object[] = [];
  const edges: object[] = [];
  const sources: { from: string; port: string }[] = making.first === null ? [] : [{ from: making.first, port: 'next' }];
  const count = chance.int(1, making.depth === 0 ? 6 : 3);
  for (let i = 0; i < count; i += 1) {
    const { step, ports } = stepOf(chance, making);
    steps.push(step);
    const before = new Set<string>();
    for (let edge = 0; sources.length > 0 && edge < (chance.happens(0.3) ? 2 : 1); edge += 1) {
      const { from, port } = chance.happens(0.6) ? (sources.at(-1) ?? chance.pick(sources)) : chance.pick(sources);
      if (!before.has(`${from} ${port}`)) edges.push({ from, ...(port === 'next' ? {} : { port }), to: step.id });
      before.add(`${from} ${port}`);
    }
    for (const port of ports) sources.push({ from: step.id, port });
  }
  return { steps, edges };
}

interface Made {
  step: { id: string } & Record<string, unknown>;
  ports: string[];
}

function stepOf(chance: Chance, making: Making): Made {
  const id = making.names.next();
  const onError = chance.pick(['fail', 'port', 'continue']);
  const failing = onError === 'port' ? ['next', 'error'] : ['next'];
  const wait = () => chance.int(2, 60);
  // Long enough that an answer which nobody looks for is missed.
  const patience = () => (chance.happens(0.4) ? chance.int(600, 1200) : wait());
  const dice = chance.next();
  if (dice < 0.08) {
    const input = { run: { $: 'run.id' }, step: id, n: { $: 'trigger.body.n' } };
    return { step: { id, kind: 'code', source: 'return { of: input };', input, onError }, ports: failing };
  }
  if (dice < 0.5) return { step: { id, kind: 'action', ...actionOf(chance), onError }, ports: failing };
  if (dice < 0.57) return { step: { id, kind: 'transform', input: { n: { $: 'trigger.body.n' } } }, ports: ['next'] };
  if (dice < 0.63) return { step: { id, kind: 'wait', seconds: chance.between(0, 30) }, ports: ['next'] };
  if (dice < 0.69) {
    const onTimeout = chance.pick(['approve', 'refuse', 'fail']);
    const step = { id, kind: 'approval', question: 'Shall it?', timeoutSeconds: patience(), onTimeout };
    return { step, ports: ['approved', 'refused'] };
  }
  if (dice < 0.75) return { step: { id, kind: 'callback', timeoutSeconds: patience(), onError }, ports: failing };
  if (dice < 0.8) {
    const step = { id, kind: 'state', operation: 'increment', key: 'count', onError };
    return { step, ports: failing };
  }
  if (dice < 0.85) {
    const cases = [{ port: 'odd', when: { $: 'trigger.body.n % 2 = 1' } }];
    return { step: { id, kind: 'branch', cases }, ports: ['odd', 'else'] };
  }
  if (dice < 0.87) return { step: { id, kind: 'stop', outcome: chance.pick(['succeeded', 'failed']) }, ports: [] };
  if (dice < 0.93 && making.subflow !== null) {
    const limit = chance.happens(0.3) ? { timeoutSeconds: wait() } : {};
    const step = { id, kind: 'subflow', flow: making.subflow, wait: chance.happens(0.7), onError, ...limit };
    return { step, ports: failing };
  }
  if (making.depth >= 2) return { step: { id, kind: 'action', ...actionOf(chance), onError }, ports: failing };
  const inside = graphOf(chance, { ...making, depth: making.depth + 1, first: null });
  if (chance.happens(0.4)) {
    const step = { id, kind: 'repeat', until: { $: `index >= ${chance.int(0, 2)}` }, maxPasses: 2, onError, ...inside };
    return { step, ports: failing };
  }
  const items = { $: `[${Array.from({ length: chance.int(0, 4) }, (_, i) => i).join(', ')}]` };
  const onItemError = chance.pick(['fail', 'continue']);
  const step = { id, kind: 'forEach', items, concurrency: chance.int(1, 3), onItemError, onError, ...inside };
  return { step, ports: failing };
}

function actionOf(chance: Chance): Record<string, unknown> {
  const retry = {
    attempts: chance.int(2, 5),
    backoff: chance.pick(['exponential', 'fixed']),
    firstSeconds: chance.between(0, 5),
  };
  return {
    slot: 'api',
    action: chance.pick(effects),
    input: { line: { $: 'trigger.body' } },
    ...(chance.happens(0.7) ? { retry } : {}),
    timeoutSeconds: chance.int(3, 30),
  };
}
