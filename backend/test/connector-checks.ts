import { readFileSync } from 'node:fs';
import type { Connector, MailDouble, ServiceDouble } from '@sluice/shared/connector';
import { expect } from 'vitest';
import { actionChecks } from './connector-action-checks.js';
import { triggerChecks } from './connector-trigger-checks.js';

export interface ContractSubject {
  connector: Connector;
  /** A fresh double; none for a connector that calls nobody. */
  double?: () => ServiceDouble | MailDouble;
  /** A connection's settings; its hosts must name the double's. */
  config?: unknown;
}

export interface ContractCheck {
  name: string;
  run(): Promise<void>;
}

/** The contract as data, so that it can be shown to catch a connector that breaks it. */
export function contractChecks(subject: ContractSubject): readonly ContractCheck[] {
  const { base, actions, triggers } = subject.connector;
  const { double } = subject;
  return [
    { name: 'declares what it uses', run: async () => checkDeclaration(subject.connector) },
    {
      name: 'has a README that names each action, trigger and vendor scope',
      run: async () => checkReadme(subject.connector),
    },
    {
      name: 'has a double if it calls a service, for a host that it declares',
      async run() {
        if (Object.keys(actions).length === 0) return expect(base.hosts).toEqual([]);
        const config = base.config.parse(subject.config ?? {});
        expect(typeof base.hosts === 'function' ? base.hosts(config) : base.hosts).toContain(double?.().host);
      },
    },
    ...(double === undefined
      ? []
      : Object.entries(actions).flatMap(([id, action]) =>
          actionChecks({ id, action, connector: subject.connector, double, config: subject.config ?? {} }),
        )),
    ...Object.entries(triggers).flatMap(([id, trigger]) => triggerChecks(id, trigger)),
  ];
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

function checkReadme({ base, actions, triggers }: Connector): void {
  const readme = readFileSync(new URL(`../src/connectors/${base.id}/README.md`, import.meta.url), 'utf8');
  const vendorScopes = Object.values(base.scopes).flatMap(({ vendor }) => vendor);
  for (const name of [...Object.keys(actions), ...Object.keys(triggers), ...vendorScopes])
    expect(readme).toContain(`\`${name}\``);
}
