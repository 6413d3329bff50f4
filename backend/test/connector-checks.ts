import { readFileSync } from 'node:fs';
import type { Connector } from '@sluice/shared/connector';
import { expect } from 'vitest';
import { actionChecks, spoilt } from './connector-action-checks.js';
import { type AnyDouble, doubleNet, type GrantedAuth } from './double-net.js';
import { choicesChecks } from './connector-choices-checks.js';
import { computationChecks } from './connector-computation-checks.js';
import { triggerChecks } from './connector-trigger-checks.js';

export interface ContractSubject {
  connector: Connector;
  /** A fresh double; none for a connector that calls nobody. */
  double?: () => AnyDouble;
  /** A connection's settings; its hosts must name the double's. */
  config?: unknown;
  /** Where its README is, if not in its folder beside the others. */
  readme?: URL;
}

/** The points of the contract, as its table heads them. */
export const points = [
  'declared',
  'sample',
  'scopes',
  'hosts',
  'repeats',
  'faults',
  'secret',
  'pages',
  'events',
  'abort',
] as const;
export type Point = (typeof points)[number];

export interface ContractCheck {
  point: Point;
  name: string;
  run(): Promise<void>;
}

/** The contract as data, so that it can be shown to catch a connector that breaks it. */
export function contractChecks(subject: ContractSubject): readonly ContractCheck[] {
  const { base, actions, triggers, computations = {} } = subject.connector;
  const { double } = subject;
  return [
    { point: 'declared', name: 'declares what it uses', run: async () => checkDeclaration(subject.connector) },
    {
      point: 'declared',
      name: 'has a README that names each action, computation, trigger and vendor scope',
      run: async () => checkReadme(subject),
    },
    ...choicesChecks(subject.connector),
    {
      point: 'hosts',
      name: 'has a double if it calls a service, for a host that it declares',
      async run() {
        if (!callsSomebody(subject.connector)) return expect(base.hosts).toEqual([]);
        const config = base.config.parse(subject.config ?? {});
        expect(typeof base.hosts === 'function' ? base.hosts(config) : base.hosts).toContain(double?.().host);
      },
    },
    ...(double === undefined || base.test === undefined
      ? []
      : [
          {
            point: 'scopes' as const,
            name: 'its test tells a credential that is right from a wrong one',
            run: async () => checkTest(subject.connector, double(), subject.config ?? {}),
          },
        ]),
    ...(double === undefined
      ? []
      : Object.entries(actions).flatMap(([id, action]) =>
          actionChecks({ id, action, connector: subject.connector, double, config: subject.config ?? {} }),
        )),
    ...Object.entries(triggers).flatMap(([id, trigger]) => triggerChecks(id, trigger, subject.connector)),
    ...Object.entries(computations).flatMap(([id, one]) => computationChecks(id, one, subject.connector)),
  ];
}

/** What the broker answers itself needs no host and no double. */
export function callsSomebody({ actions }: Connector): boolean {
  return Object.values(actions).some(({ method }) => method !== 'SIGN');
}

function checkDeclaration({ base, actions, triggers }: Connector): void {
  const declared = Object.keys(base.scopes);
  for (const action of Object.values(actions)) {
    expect(action.scopes, `${action.title} needs a scope`).not.toHaveLength(0);
    expect(declared).toEqual(expect.arrayContaining([...action.scopes]));
  }
  const used = [...Object.values(actions), ...Object.values(triggers)].flatMap(({ scopes }) => scopes);
  expect(
    declared.filter((scope) => !used.includes(scope)),
    'scopes that nothing needs',
  ).toEqual([]);
}

async function checkTest({ base }: Connector, double: AnyDouble, given: unknown): Promise<void> {
  const config = base.config.parse(given);
  const vendorScopes = Object.values(base.scopes).flatMap(({ vendor }) => vendor);
  const right = 'handle' in double ? double.grant(vendorScopes) : double.grant();
  const test = async (auth: GrantedAuth) => {
    const net = doubleNet({ double, auth, hosts: typeof base.hosts === 'function' ? base.hosts(config) : base.hosts });
    await base.test?.({ config, net, idempotencyKey: 'key-1', signal: new AbortController().signal });
  };
  await test(right);
  await expect(test(spoilt(right))).rejects.toMatchObject({ code: 'unauthorized' });
  expect(double.effects()).toEqual([]);
}

function checkReadme({ connector: { base, actions, triggers, computations = {} }, readme: at }: ContractSubject): void {
  const readme = readFileSync(at ?? new URL(`../src/connectors/${base.id}/README.md`, import.meta.url), 'utf8');
  const vendorScopes = Object.values(base.scopes).flatMap(({ vendor }) => vendor);
  for (const name of [...Object.keys({ ...actions, ...triggers, ...computations }), ...vendorScopes])
    expect(readme).toContain(`\`${name}\``);
}
