import type { Allowance, Issue } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { everyStep, type FlowDocument, isFields, readDocument } from '@sluice/shared/flow';
import { catalogue } from '../../connectors/registry.js';
import { Problem } from '../../platform/problem.js';
import { type AllowanceKind, allowanceKinds, type Asks, useKey } from './asks.js';

export type Limits = { [Kind in AllowanceKind]?: string[] | undefined };

/** What is approved: all that was asked for, or the part that the limits leave. Throws `grant.wider`. */
export function narrow(asked: Allowance, limits: Limits): Allowance {
  const issues = allowanceKinds.flatMap((kind): Issue[] =>
    (limits[kind] ?? [])
      .filter((value) => !asked[kind].includes(value))
      .map((value) => ({ path: `limits.${kind}`, message: `${value} was not asked for.` })),
  );
  if (issues.length > 0) throw new Problem('grant.wider', { issues });
  const left = (kind: AllowanceKind) => asked[kind].filter((value) => limits[kind]?.includes(value) ?? true);
  return { scopes: left('scopes'), hosts: left('hosts'), calls: left('calls'), fields: left('fields') };
}

/**
 * Some action can't do without a field that was taken out: its step would fail each time, so say so before.
 * Throws `grant.needed`.
 */
export function assertNeeded(
  { asks, allows, connector }: { asks: Asks; allows: Allowance; connector: string },
  stored: unknown,
): void {
  if (asks.fields.every((field) => allows.fields.includes(field))) return;
  const read = readDocument(stored);
  if ('issues' in read) throw new Error('A stored version is not valid');
  const issues = checkNeeded({ asks, allows }, read.document, catalogue[connector]);
  if (issues.length > 0) throw new Problem('grant.needed', { issues });
}

function checkNeeded(
  { asks, allows }: { asks: Asks; allows: Allowance },
  document: FlowDocument,
  connector: ConnectorDescription | undefined,
): Issue[] {
  const steps = new Map([...everyStep(document)].map((step) => [step.id, step]));
  const out = asks.fields.filter((field) => !allows.fields.includes(field));
  return out.flatMap((sent) => {
    const field = sent.slice(sent.indexOf(':') + 1);
    return (asks.steps[useKey('fields', sent)] ?? []).flatMap((id): Issue[] => {
      const step = steps.get(id);
      const action = step?.kind === 'action' ? connector?.actions.find((one) => one.id === step.action) : undefined;
      if (action === undefined || !isRequired(action.input, field.split('.'))) return [];
      return [
        { path: 'limits.fields', step: id, message: `${action.title} (step ${id}) does nothing without ${field}.` },
      ];
    });
  });
}

function isRequired(schema: Readonly<Record<string, unknown>>, [name = '', ...rest]: readonly string[]): boolean {
  const { required, properties } = schema;
  if (!Array.isArray(required) || !required.includes(name)) return false;
  if (rest.length === 0) return true;
  const inner = isFields(properties) ? properties[name] : undefined;
  return isFields(inner) && isRequired(inner, rest);
}
