import {
  type AnyAction,
  type ClassesByPath,
  type Connector,
  ConnectorError,
  describeConnector,
  type DoubleRequest,
  type Effect,
  type Fault,
  type FieldClass,
  fieldClasses,
  replyFieldsOf,
  type Step,
} from '@sluice/shared/connector';
import { expect } from 'vitest';
import { z } from 'zod';
import type { ContractCheck, Point } from './connector-checks.js';
import { leavesOf } from './leaves.js';
import {
  type AnyDouble,
  type DoubleNet,
  type DoubleNetOptions,
  doubleNet,
  type GrantedAuth,
  secretsOf,
} from './double-net.js';

interface ActionSubject {
  id: string;
  action: AnyAction;
  connector: Connector;
  double: () => AnyDouble;
  config: unknown;
}

interface Bench {
  double: AnyDouble;
  net: DoubleNet;
  auth: GrantedAuth;
  /** Runs the sample; the key is the same each time unless given. */
  run(key?: string): Promise<unknown>;
  /** Looks for what an earlier attempt did, for a checkable action. */
  find(): Promise<unknown>;
}

const listSchema = z.object({ items: z.array(z.unknown()), more: z.boolean() });

const key = 'idem_8f14e45fceea167a5a36dedd4bea2543';

/** What an action owes. Each check works on a fresh double. */
export function actionChecks(subject: ActionSubject): readonly ContractCheck[] {
  const { id, action, connector } = subject;
  const config = connector.base.config.parse(subject.config);
  const input = action.input.parse(action.sample.input);
  const effect: Effect = typeof action.effect === 'function' ? action.effect(input, config) : action.effect;
  const vendorScopes = action.scopes.flatMap((scope) => connector.base.scopes[scope]?.vendor ?? []);
  const check = (point: Point, name: string, run: () => Promise<void>): ContractCheck => ({
    point,
    name: `${id}: ${name}`,
    run,
  });

  function bench(
    change: {
      double?: AnyDouble;
      auth?: GrantedAuth;
      input?: unknown;
    } & Partial<DoubleNetOptions> = {},
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
      run: async (attemptKey = key) =>
        action.output.parse(
          await action.run(step(attemptKey), change.input === undefined ? input : action.input.parse(change.input)),
        ),
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

  async function checkPages(pages: AnyAction['pages']): Promise<void> {
    const all = bench();
    const { items, more } = await withSmallPages(pages, async () => listSchema.parse(await all.run()));
    expect(more).toBe(false);
    expect(new Set(items.map((item) => JSON.stringify(item))).size, 'no entry twice').toBe(items.length);
    expect(all.net.sent.length, 'requests').toBeGreaterThan(1);
    expect(items.length).toBeGreaterThan(1);
    const one = bench({ input: { ...Object(action.sample.input), limit: 1 } });
    expect(await one.run()).toEqual({ items: items.slice(0, 1), more: true });
    expect(one.net.sent).toHaveLength(1);
  }

  async function checkAnswerTaken(status: number): Promise<void> {
    const done = await bench().run();
    const double = subject.double();
    if (!('handle' in double)) return;
    const { run } = bench({ double: { ...double, handle: async () => ({ status, headers: {}, body: null }) } });
    const told = await run().catch((error: unknown) => error);
    expect(told).not.toEqual(done);
    // Some say as an answer that they found nothing; of a redirect none is silent.
    if (status !== 404) expect(told).toMatchObject({ status });
  }

  const faultChecks = expectedErrors.map(([fault, code, uncertain]) =>
    check('faults', `a ${fault} is told as such, after one request`, async () => {
      const { net, double, run } = await faulty(fault);
      const error = await failureOf(run());
      // SMTP, SFTP and IMAP have no answer for a limit alone.
      const told = !('handle' in double) && code === 'rate-limited' ? 'unavailable' : code;
      expect({ code: error.code, uncertain: error.uncertain }).toEqual({ code: told, uncertain });
      if (fault === 'rate-limit' && 'handle' in double) expect(error.retryAfterSeconds).toEqual(expect.any(Number));
      expect(net.sent).toHaveLength(1);
      expect(double.effects()).toEqual([]);
    }),
  );

  return [
    ...(action.pages === undefined
      ? []
      : [check('pages', 'is read to its end, over pages, and no further than asked', () => checkPages(action.pages))]),

    check('sample', 'its sample fits its schemas, and a run gives such an output', async () => {
      action.output.parse(action.sample.output);
      const { run, net } = bench();
      expect(Object.keys(Object(await run())).sort()).toEqual(Object.keys(Object(action.sample.output)).sort());
      expect(net.sent.length).toBeGreaterThan(0);
    }),

    check('sample', 'classifies only fields that its input has', async () => {
      const described = describeConnector(connector).actions.find((one) => one.id === id);
      const fields = Object.keys(Object(described?.input.properties));
      const classified = Object.keys(action.classes ?? {}).map((path) => path.split('.')[0]);
      expect(fields).toEqual(expect.arrayContaining(classified));
      const given = Object.keys(Object(described?.output.properties));
      const known = Object.keys(action.outputClasses ?? {}).map((path) => path.split('.')[0]);
      expect(given).toEqual(expect.arrayContaining(known));
    }),

    check('sample', 'gives back nothing of its sample input under a lighter class than it went in', async () => {
      const { run } = bench();
      const sent = leavesOf(action.sample.input);
      for (const { path, value } of leavesOf(await run())) {
        const told = classAt(action.outputClasses, path);
        // A field that isn't named holds whatever the step was given.
        if (told === undefined) continue;
        for (const echoed of sent.filter((one) => one.value === value)) {
          const given = classAt(action.classes, echoed.path) ?? 'personal';
          expect(rankOf(told), `${path}, which is ${echoed.path}`).toBeGreaterThanOrEqual(rankOf(given));
        }
      }
    }),

    ...vendorScopes.map((scope) =>
      check('scopes', `without ${scope} it is unauthorized and does nothing`, async () => {
        const double = subject.double();
        const others = Object.values(connector.base.scopes).flatMap(({ vendor }) => vendor);
        const kept = others.filter((one) => one !== scope && !includes(one, scope));
        const { run } = bench({ double, auth: grant(double, kept) });
        expect((await failureOf(run())).code).toBe('unauthorized');
        expect(double.effects()).toEqual([]);
      }),
    ),

    check('scopes', 'with a wrong credential it is unauthorized and does nothing', async () => {
      const double = subject.double();
      const { run } = bench({ double, auth: spoilt(grant(double, vendorScopes)) });
      expect((await failureOf(run())).code).toBe('unauthorized');
      expect(double.effects()).toEqual([]);
    }),

    check('hosts', 'calls no host but the declared ones', async () => {
      const { net, run } = bench({ hosts: ['elsewhere.example'] });
      await failureOf(run());
      expect(net.sent).toEqual([]);
    }),

    check('repeats', 'keeps its promise about repeats', async () => {
      const effects = await cleanEffects();
      if (effects.length === 0) return expect(effect.class, 'an action without an effect is natural').toBe('natural');
      const { double, net, run, find } = bench();
      double.failNext('drop-reply');
      expect((await failureOf(run())).uncertain, 'a lost answer is uncertain').toBe(true);
      expect(double.effects(), 'the work was done, only the answer was lost').toEqual(effects);
      if (effect.class === 'unsafe') return;
      if (effect.class === 'keyed') expect(keyIn(net.sent[0], effect)).toBe(key);
      if (effect.class !== 'checkable' || (await find()) === null) await run();
      expect(double.effects(), 'a repeat with the same key does nothing more').toEqual(effects);
      if (effect.class !== 'natural') return;
      await run('idem_another');
      expect(double.effects(), 'nor does a repeat with another key').toEqual(effects);
    }),

    ...faultChecks,

    // Nothing was found under the path, whatever part of it was wrong; and no redirect is followed.
    ...[404, 302].map((status) =>
      check('faults', `takes an answer of ${status} for no success`, () => checkAnswerTaken(status)),
    ),

    check('secret', 'shows the secret nowhere', async () => {
      const { auth, double, net, run } = bench();
      const output = await run();
      double.failNext('reject');
      const error = await run('idem_another').catch((reason: unknown) => reason);
      const seen = [output, net.sent, error, error instanceof Error ? [error.message, error.stack, error.cause] : []];
      for (const secret of secretsOf(auth)) expect(JSON.stringify(seen)).not.toContain(secret);
    }),

    check('abort', 'an abort ends it, before the call and during it', async () => {
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

/** So that a stand-in's few entries are more than a page of those that are counted: they are as large as was asked. */
async function withSmallPages<Result>(pages: AnyAction['pages'], work: () => Promise<Result>): Promise<Result> {
  const size = pages?.size;
  if (size === undefined) return await work();
  const { most } = size;
  size.most = 2;
  try {
    return await work();
  } finally {
    size.most = most;
  }
}

/** What is said of a field, or of what it is part of. */
function classAt(classes: ClassesByPath = {}, path: string): FieldClass | undefined {
  const names = path.split('.');
  return names.map((_, at) => classes[names.slice(0, names.length - at).join('.')]).find((one) => one !== undefined);
}

function rankOf(name: FieldClass): number {
  return fieldClasses.indexOf(name);
}

function grant(double: AnyDouble, scopes: readonly string[]): GrantedAuth {
  return 'handle' in double ? double.grant(scopes) : double.grant();
}

/** One that looks alike and is wrong. */
export function spoilt(auth: GrantedAuth): GrantedAuth {
  if (auth.kind === 'bearer') return { ...auth, token: `${auth.token}x` };
  if (auth.kind === 'basic') return { ...auth, password: `${auth.password}x` };
  if (auth.kind === 'signing') return { ...auth, secret: `whsec_${btoa('another secret, 24 bytes')}` };
  if (auth.kind === 'sigV4') return { ...auth, secretAccessKey: `${auth.secretAccessKey}x` };
  if (auth.kind === 'secretUrl') return { ...auth, url: `${auth.url}x` };
  if (auth.kind === 'apiKey') return { ...auth, value: `${auth.value}x` };
  return auth.kind === 'sshKey' ? { ...auth, username: `${auth.username}x` } : auth;
}

function hanging(double: AnyDouble): AnyDouble {
  if ('handle' in double) return { ...double, handle: async () => 'hang' };
  if ('open' in double) return { ...double, open: async () => 'hang' };
  if ('carryOut' in double) return { ...double, carryOut: async () => 'hang' };
  return 'ask' in double ? { ...double, ask: async () => 'hang' } : { ...double, deliver: async () => 'hang' };
}

/** Whether a vendor's scope brings another with it: the right to write a thing, the right to read it. */
function includes(scope: string, other: string): boolean {
  const wider = [
    other.replace(/(?<=[_:])read(?=$|[_:])|(?<=[_:])read_only$/i, 'write'),
    other.replace(/:read$/, ':full'),
    other.replace(/\.readonly$/, ''),
  ];
  return scope !== other && wider.includes(scope);
}

function keyIn(request: DoubleRequest | undefined, effect: Effect & { class: 'keyed' }): unknown {
  return 'header' in effect
    ? request?.headers[effect.header.toLowerCase()]
    : Reflect.get(Object(request?.body), effect.field);
}

async function failureOf(work: Promise<unknown>): Promise<ConnectorError> {
  const reason: unknown = await work.then(
    () => new Error('It went well, but it should have failed.'),
    (error: unknown) => error,
  );
  if (reason instanceof ConnectorError) return reason;
  throw reason;
}
