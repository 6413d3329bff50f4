import {
  type AnyAction,
  type Connector,
  ConnectorError,
  describeConnector,
  type Effect,
  type Fault,
  type MailDouble,
  replyFieldsOf,
  type ServiceDouble,
  type Step,
} from '@sluice/shared/connector';
import { expect } from 'vitest';
import type { ContractCheck } from './connector-checks.js';
import { leavesOf } from './leaves.js';
import { type DoubleNet, type DoubleNetOptions, doubleNet, type GrantedAuth, secretsOf } from './double-net.js';

interface ActionSubject {
  id: string;
  action: AnyAction;
  connector: Connector;
  double: () => ServiceDouble | MailDouble;
  config: unknown;
}

interface Bench {
  double: ServiceDouble | MailDouble;
  net: DoubleNet;
  auth: GrantedAuth;
  /** Runs the sample; the key is the same each time unless given. */
  run(key?: string): Promise<unknown>;
  /** Looks for what an earlier attempt did, for a checkable action. */
  find(): Promise<unknown>;
}

const key = 'idem_8f14e45fceea167a5a36dedd4bea2543';

/** What an action owes. Each check works on a fresh double. */
export function actionChecks(subject: ActionSubject): readonly ContractCheck[] {
  const { id, action, connector } = subject;
  const config = connector.base.config.parse(subject.config);
  const input = action.input.parse(action.sample.input);
  const effect: Effect = typeof action.effect === 'function' ? action.effect(input, config) : action.effect;
  const vendorScopes = action.scopes.flatMap((scope) => connector.base.scopes[scope]?.vendor ?? []);
  const check = (name: string, run: () => Promise<void>): ContractCheck => ({ name: `${id}: ${name}`, run });

  function bench(
    change: { double?: ServiceDouble | MailDouble; auth?: GrantedAuth } & Partial<DoubleNetOptions> = {},
  ): Bench {
    const double = change.double ?? subject.double();
    const { hosts } = connector.base;
    const auth = change.auth ?? grant(double, vendorScopes);
    const net = doubleNet({
      call: `${action.method} ${action.path}`,
      reply: replyFieldsOf(connector, action),
      hosts: typeof hosts === 'function' ? hosts(config) : hosts,
      ...change,
      double,
      auth,
    });
    const signal = change.signal ?? new AbortController().signal;
    const step = (idempotencyKey: string): Step<unknown> => ({ config, net, idempotencyKey, signal });
    return {
      double,
      net,
      auth,
      run: async (attemptKey = key) => action.output.parse(await action.run(step(attemptKey), input)),
      find: async () => (await action.find?.(step(key), input)) ?? null,
    };
  }

  /** What one clean run leaves behind; nothing for a read. */
  async function cleanEffects(): Promise<readonly string[]> {
    const { double, run } = bench();
    await run();
    return [...double.effects()];
  }

  /** The double's own fault, or for a read, which its faults pass by, a plain one. */
  async function faulty(fault: Fault): Promise<Bench> {
    const double = subject.double();
    if ((await cleanEffects()).length === 0 && 'handle' in double)
      return bench({ double: { ...double, handle: async () => plainFaults[fault] } });
    double.failNext(fault);
    return bench({ double });
  }

  const faultChecks = expectedErrors.map(([fault, code, uncertain]) =>
    check(`a ${fault} is told as such, after one request`, async () => {
      const { net, double, run } = await faulty(fault);
      const error = await failureOf(run());
      // SMTP has no answer for a limit alone.
      const told = 'deliver' in double && code === 'rate-limited' ? 'unavailable' : code;
      expect({ code: error.code, uncertain: error.uncertain }).toEqual({ code: told, uncertain });
      if (fault === 'rate-limit' && 'handle' in double) expect(error.retryAfterSeconds).toEqual(expect.any(Number));
      expect(net.sent).toHaveLength(1);
      expect(double.effects()).toEqual([]);
    }),
  );

  return [
    check('its sample fits its schemas, and a run gives such an output', async () => {
      action.output.parse(action.sample.output);
      const { run, net } = bench();
      expect(Object.keys(Object(await run())).sort()).toEqual(Object.keys(Object(action.sample.output)).sort());
      expect(net.sent.length).toBeGreaterThan(0);
    }),

    check('classifies only fields that its input has', async () => {
      const described = describeConnector(connector).actions.find((one) => one.id === id);
      const fields = Object.keys(Object(described?.input.properties));
      const classified = Object.keys(action.classes ?? {}).map((path) => path.split('.')[0]);
      expect(fields).toEqual(expect.arrayContaining(classified));
      const given = Object.keys(Object(described?.output.properties));
      const known = Object.keys(action.outputClasses ?? {}).map((path) => path.split('.')[0]);
      expect(given).toEqual(expect.arrayContaining(known));
    }),

    check('gives back nothing of its sample input under a lighter class than it went in', async () => {
      const { run } = bench();
      const sent = leavesOf(action.sample.input);
      for (const { path, value } of leavesOf(await run())) {
        const echoed = sent.find((one) => one.value === value && String(value).includes('@'));
        if (echoed === undefined) continue;
        // A field that isn't named holds whatever the step was given.
        expect(action.outputClasses?.[path.split('.')[0] ?? ''] ?? 'personal', path).toBe('personal');
      }
    }),

    ...vendorScopes.map((scope) =>
      check(`without ${scope} it is unauthorized and does nothing`, async () => {
        const double = subject.double();
        const others = Object.values(connector.base.scopes).flatMap(({ vendor }) => vendor);
        const kept = others.filter((one) => one !== scope && !includes(one, scope));
        const { run } = bench({ double, auth: grant(double, kept) });
        expect((await failureOf(run())).code).toBe('unauthorized');
        expect(double.effects()).toEqual([]);
      }),
    ),

    check('with a wrong credential it is unauthorized and does nothing', async () => {
      const double = subject.double();
      const { run } = bench({ double, auth: spoilt(grant(double, vendorScopes)) });
      expect((await failureOf(run())).code).toBe('unauthorized');
      expect(double.effects()).toEqual([]);
    }),

    check('calls no host but the declared ones', async () => {
      const { net, run } = bench({ hosts: ['elsewhere.example'] });
      await failureOf(run());
      expect(net.sent).toEqual([]);
    }),

    check('keeps its promise about repeats', async () => {
      const effects = await cleanEffects();
      if (effects.length === 0) return expect(effect.class, 'an action without an effect is natural').toBe('natural');
      const { double, net, run, find } = bench();
      double.failNext('drop-reply');
      expect((await failureOf(run())).uncertain, 'a lost answer is uncertain').toBe(true);
      expect(double.effects(), 'the work was done, only the answer was lost').toEqual(effects);
      if (effect.class === 'unsafe') return;
      if (effect.class === 'keyed') expect(net.sent[0]?.headers[effect.header.toLowerCase()]).toBe(key);
      if (effect.class !== 'checkable' || (await find()) === null) await run();
      expect(double.effects(), 'a repeat with the same key does nothing more').toEqual(effects);
      if (effect.class !== 'natural') return;
      await run('idem_another');
      expect(double.effects(), 'nor does a repeat with another key').toEqual(effects);
    }),

    ...faultChecks,

    check('shows the secret nowhere', async () => {
      const { auth, double, net, run } = bench();
      const output = await run();
      double.failNext('reject');
      const error = await run('idem_another').catch((reason: unknown) => reason);
      const seen = [output, net.sent, error, error instanceof Error ? [error.message, error.stack, error.cause] : []];
      for (const secret of secretsOf(auth)) expect(JSON.stringify(seen)).not.toContain(secret);
    }),

    check('an abort ends it, before the call and during it', async () => {
      const early = bench({ signal: AbortSignal.abort() });
      await failureOf(early.run());
      expect(early.net.sent).toEqual([]);

      const controller = new AbortController();
      const double = hanging(subject.double());
      const late = bench({ double, signal: controller.signal, onHang: () => controller.abort() });
      expect((await failureOf(late.run())).code).toBe('unavailable');
      expect(late.net.sent).toHaveLength(1);
    }),
  ];
}

const expectedErrors = [
  ['rate-limit', 'rate-limited', false],
  ['timeout', 'unavailable', true],
  ['unavailable', 'unavailable', false],
  ['reject', 'rejected', false],
] as const;

const plainFaults = {
  'rate-limit': { status: 429, headers: { 'retry-after': '3' }, body: null },
  timeout: 'hang',
  unavailable: { status: 503, headers: {}, body: null },
  reject: { status: 400, headers: {}, body: null },
  'drop-reply': 'drop',
} as const;

function grant(double: ServiceDouble | MailDouble, scopes: readonly string[]): GrantedAuth {
  return 'handle' in double ? double.grant(scopes) : double.grant();
}

function spoilt(auth: GrantedAuth): GrantedAuth {
  if (auth.kind === 'bearer') return { ...auth, token: `${auth.token}x` };
  return auth.kind === 'basic' ? { ...auth, password: `${auth.password}x` } : auth;
}

function hanging(double: ServiceDouble | MailDouble): ServiceDouble | MailDouble {
  return 'handle' in double ? { ...double, handle: async () => 'hang' } : { ...double, deliver: async () => 'hang' };
}

/** Whether a vendor's scope brings another with it: the right to write a thing, the right to read it. */
function includes(scope: string, other: string): boolean {
  return scope === other.replace(/_read$/, '_write');
}

async function failureOf(work: Promise<unknown>): Promise<ConnectorError> {
  const reason: unknown = await work.then(
    () => new Error('It went well, but it should have failed.'),
    (error: unknown) => error,
  );
  if (reason instanceof ConnectorError) return reason;
  throw reason;
}
