import {
  type AuditEntry,
  type Connection,
  type ConnectionDetail,
  type Decision,
  type Environment,
  type FlowReply,
  type Grant,
  type KillSwitch,
  type Me,
  type Member,
  type Notice,
  permissions,
  type Reply,
  type RunCounts,
  type RunPass,
  type RunStep,
  type RunSummary,
  type runsApi,
  type Schedule,
  type TriggerEvent,
} from '@sluice/shared/api';

const at = '2026-11-20T13:26:44.018Z';
const lena = { id: 'mem_lena', name: 'Lena Brandt' };

export function aMe(over: Partial<Me> = {}): Me {
  return {
    id: 'mem_jonas',
    email: 'jonas@nordlicht.example',
    name: 'Jonas Okafor',
    roles: ['admin'],
    environmentRoles: {},
    permissions: [...permissions],
    workspace: { id: 'wsp_1', name: 'Nordlicht Handel' },
    secondFactor: true,
    steppedUpUntil: null,
    ...over,
  };
}

export function someEnvironments(): Environment[] {
  return [
    {
      id: 'env_1',
      name: 'dev',
      position: 0,
      policy: { approval: false, production: false, retentionDays: 14 },
      proposal: null,
    },
    {
      id: 'env_2',
      name: 'staging',
      position: 1,
      policy: { approval: true, production: false, retentionDays: 90 },
      proposal: null,
    },
    {
      id: 'env_3',
      name: 'production',
      position: 2,
      policy: { approval: true, production: true, retentionDays: 90 },
      proposal: null,
    },
  ];
}

export function aFlow(over: Partial<FlowReply> = {}): FlowReply {
  return {
    id: 'flw_1',
    name: 'Payment to CRM and receipt',
    revision: 3,
    owner: lena,
    createdAt: at,
    updatedAt: at,
    latestVersion: 13,
    hasChanges: false,
    connectors: ['webhook', 'hubspot'],
    classes: ['personal'],
    deployments: [{ environment: 'production', version: 13, status: 'active' }],
    lastRun: { id: 'run_1', status: 'succeeded', at },
    today: { runs: 12, failed: 0, inDoubt: 0 },
    ...over,
  };
}

export function aConnection(over: Partial<Connection> = {}): Connection {
  return {
    id: 'con_1',
    connector: 'hubspot',
    environment: 'production',
    name: 'HubSpot EU main',
    authKind: 'bearer',
    config: {},
    hosts: ['api.hubapi.com'],
    limits: null,
    status: 'active',
    version: 2,
    owner: lena,
    createdAt: at,
    rotatedAt: at,
    rotateDays: 90,
    dueAt: '2027-01-20T13:26:44.018Z',
    expiresAt: null,
    lastError: null,
    oauth: null,
    lastUsedAt: at,
    lastTest: { at, ok: true, message: 'It answered 200.' },
    usedBy: [{ flow: 'flw_1', name: 'Payment to CRM and receipt', environment: 'production', slot: 'crm' }],
    ...over,
  };
}

/** The same with its past. */
export function aConnectionDetail(over: Partial<ConnectionDetail> = {}): ConnectionDetail {
  return {
    ...aConnection(),
    versions: [
      { version: 2, authKind: 'bearer', shown: null, createdBy: lena, createdAt: at, state: 'in-use', keptUntil: null },
      {
        version: 1,
        authKind: 'bearer',
        shown: null,
        createdBy: lena,
        createdAt: at,
        state: 'kept',
        keptUntil: '2026-11-21T13:26:44.018Z',
      },
    ],
    uses: [{ scope: 'contacts.write', host: 'api.hubapi.com', calls: 158_204, lastAt: at }],
    granted: ['contacts.write', 'lists.read'],
    pauses: [],
    ...over,
  };
}

/** The part of a connector's description that these screens read. */
export function aConnector(over: object = {}) {
  return {
    id: 'hubspot',
    title: 'HubSpot',
    description: 'The CRM.',
    icon: { name: 'address-book', color: '#C0341D' },
    category: 'crm',
    docs: null,
    setup: [],
    auth: ['bearer'],
    credentials: {},
    limits: null,
    oauth: null,
    config: { type: 'object', properties: {} },
    hosts: ['api.hubapi.com'],
    receives: ['public', 'internal', 'personal'],
    scopes: { 'contacts.write': { title: 'Create and change contacts', risk: 'write', vendor: [] } },
    actions: [
      {
        id: 'contacts.upsert',
        title: 'Create or change a contact',
        description: 'By e-mail.',
        scopes: ['contacts.write'],
        method: 'POST',
        path: '/x',
        input: {},
        output: {},
        effect: 'natural',
        classes: {},
        outputClasses: {},
        replyFields: null,
        sample: { input: {}, output: {} },
      },
    ],
    triggers: [],
    ...over,
  };
}

export function aKillSwitch(over: Partial<KillSwitch> = {}): KillSwitch {
  return {
    id: 'kil_1',
    target: { kind: 'connection', id: 'con_1', name: 'HubSpot EU main' },
    reason: 'The key was in a screenshot',
    setBy: lena,
    setAt: at,
    takesTwo: false,
    liftAskedBy: null,
    liftAskedAt: null,
    releasedBy: null,
    releasedAt: null,
    ...over,
  };
}

export function aNotice(over: Partial<Notice> = {}): Notice {
  return {
    id: 'ntc_1',
    kind: 'run.failed',
    title: 'Payment to CRM and receipt failed in production',
    link: '/runs/run_1',
    environment: 'production',
    count: 1,
    firstAt: at,
    lastAt: at,
    readAt: null,
    ...over,
  };
}

export function aGrant(over: Partial<Grant> = {}): Grant {
  return {
    id: 'grn_1',
    status: 'pending',
    flow: { id: 'flw_1', name: 'Payment to CRM and receipt' },
    version: 15,
    environment: 'production',
    slot: 'crm',
    connector: 'hubspot',
    connection: { id: 'con_1', name: 'HubSpot EU main' },
    deployment: 'dep_1',
    hash: 'sha256:9f2c41aa07d3b8e1c5f06b7e1d9244ab',
    asks: {
      scopes: ['contacts.write', 'deals.write'],
      hosts: ['api.hubapi.com'],
      calls: [],
      fields: ['personal:email', 'payment:amount'],
      replies: ['results.id', 'results.properties.email'],
    },
    allows: null,
    connectorVersion: 'sha256:1',
    active: {
      version: 13,
      allows: {
        scopes: ['contacts.write'],
        hosts: ['api.hubapi.com'],
        calls: [],
        fields: ['personal:email'],
        replies: ['results.id', 'results.properties.email'],
      },
    },
    changes: [
      {
        change: 'wider',
        kind: 'scope',
        value: 'deals.write',
        title: 'Create and change deals',
        risk: 'high',
        steps: ['deal'],
      },
      {
        change: 'wider',
        kind: 'field',
        value: 'payment:amount',
        title: 'Sends field amount (payment)',
        risk: 'high',
        steps: ['deal'],
      },
      { change: 'less', kind: 'host', value: 'books.example', title: 'Host no longer needed', risk: 'low', steps: [] },
    ],
    unchanged: 2,
    risk: 'high',
    highRisk: [],
    signaturesNeeded: 1,
    signatures: [],
    rate: null,
    carriedFrom: null,
    emergency: false,
    review: null,
    longestDays: 365,
    decideBefore: '2026-12-04T13:26:44.018Z',
    reason: 'Sales wants a deal for every order.',
    requestedBy: lena,
    requestedAt: at,
    decidedBy: null,
    decidedAt: null,
    decisionReason: null,
    expiresAt: null,
    soloFrom: null,
    mayDecide: true,
    mayNotBecause: null,
    ...over,
  };
}

export function aRun(over: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'run_1',
    flow: { id: 'flw_1', name: 'Payment to CRM and receipt' },
    version: 13,
    environment: 'production',
    status: 'succeeded',
    startedAt: at,
    endedAt: '2026-11-20T13:26:46.018Z',
    startedBy: 'webhook',
    parent: null,
    retryOf: null,
    event: 'evt_1',
    inLine: false,
    error: null,
    owner: lena,
    letter: null,
    erasedAt: null,
    closed: null,
    ...over,
  };
}

/** Counts of an hour of three slices. */
export function someCounts(over: Partial<RunCounts> = {}): RunCounts {
  const none = { running: 0, waiting: 0, succeeded: 0, failed: 0, cancelled: 0, in_doubt: 0 };
  return {
    from: at,
    to: '2026-11-20T14:26:44.018Z',
    slices: [0, 20, 40].map((minutes) => ({
      from: new Date(Date.parse(at) + minutes * 60_000).toISOString(),
      counts: none,
    })),
    open: { running: 0, waiting: 0, in_doubt: 0 },
    took: null,
    ...over,
  };
}

export function aStep(over: Partial<RunStep> = {}): RunStep {
  return {
    id: 'contact',
    key: over.id ?? 'contact',
    inside: null,
    kind: 'action',
    name: 'Upsert contact',
    status: 'succeeded',
    startedAt: at,
    endedAt: '2026-11-20T13:26:45.018Z',
    port: null,
    until: null,
    attempts: [],
    input: { email: 'ada@example.com' },
    output: { id: '101' },
    masked: [],
    error: null,
    effect: null,
    ask: null,
    passes: null,
    child: null,
    ...over,
  };
}

export function aPass(over: Partial<RunPass> = {}): RunPass {
  return { at: '[0]', index: 0, status: 'succeeded', error: null, steps: [], ...over };
}

export function aDecision(over: Partial<Decision> = {}): Decision {
  return {
    run: 'run_1',
    step: 'ask',
    flow: { id: 'flw_1', name: 'Payment to CRM and receipt' },
    environment: 'production',
    question: 'Pay out 4,200 EUR to Ada?',
    details: { order: '40817', amount: 4200 },
    deciders: ['approver', 'admin', 'owner'],
    mayDecide: true,
    askedAt: at,
    until: '2026-11-27T13:26:44.018Z',
    ...over,
  };
}

export function aWholeRun(over: Partial<Reply<typeof runsApi.get>> = {}): Reply<typeof runsApi.get> {
  return { ...aRun(), steps: [aStep()], entries: 6, ...over };
}

export function aSchedule(over: Partial<Schedule> = {}): Schedule {
  return {
    id: 'flw_1:production:nightly',
    flow: { id: 'flw_1', name: 'Nightly stock' },
    environment: 'production',
    version: 3,
    pattern: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    missed: 'once',
    mostMissed: 10,
    next: ['2026-11-21T01:30:00.000Z', '2026-11-22T01:30:00.000Z'],
    last: { at: '2026-11-20T01:30:00.000Z', run: { id: 'run_1', status: 'succeeded' } },
    lateSince: null,
    stopped: null,
    ...over,
  };
}

export function anEvent(over: Partial<TriggerEvent> = {}): TriggerEvent {
  return {
    id: 'evt_1',
    status: 'accepted',
    reason: null,
    flow: { id: 'flw_1', name: 'Payment to CRM and receipt' },
    environment: 'production',
    endpoint: 'end_1',
    scheme: 'stripe',
    messageId: 'evt_3Q2m',
    run: 'run_1',
    first: null,
    address: '203.0.113.24',
    bytes: 4188,
    receivedAt: at,
    checks: [{ check: 'signature', ok: true, detail: null }],
    replayable: true,
    erasedAt: null,
    ...over,
  };
}

export function anEntry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 'ent_1',
    at,
    actor: { kind: 'member', id: 'mem_jonas', name: 'Jonas Okafor' },
    action: 'grant.approved',
    subject: { kind: 'grant', id: 'grn_1' },
    environment: 'production',
    lane: '0',
    block: 41,
    position: 2,
    ...over,
  };
}

export function aMember(over: Partial<Member> = {}): Member {
  return {
    id: 'mem_jonas',
    email: 'jonas@nordlicht.example',
    name: 'Jonas Okafor',
    roles: ['admin'],
    environmentRoles: {},
    status: 'active',
    secondFactor: true,
    createdAt: at,
    lastSeenAt: at,
    ...over,
  };
}
