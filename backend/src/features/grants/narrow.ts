import type { Allowance, Issue } from '@sluice/shared/api';
import { type ConnectorDescription, wholeReply } from '@sluice/shared/connector';
import { everyStep, type FlowDocument, isFields, readDocument } from '@sluice/shared/flow';
import { Problem } from '../../platform/problem.js';
import { type AllowanceKind, allowanceKinds, allowanceOf, type Asks, useKey } from './asks.js';

export type Limits = { [Kind in AllowanceKind]?: string[] | undefined };

/** What is approved: all that was asked for, or the part that the limits leave. Throws `grant.wider`. */
export function narrow(asked: Allowance, limits: Limits): Allowance {
  const issues = allowanceKinds.flatMap((kind): Issue[] =>
    (limits[kind] ?? [])
      .filter((value) => !asked[kind].includes(value))
      .map((value) => ({ path: `limits.${kind}`, message: `${value} was not asked for.` })),
  );
  if (issues.length > 0) throw new Problem('grant.wider', { issues });
  return allowanceOf((kind) => asked[kind].filter((value) => limits[kind]?.includes(value) ?? true));
}

/**
 * Some action can't do without a field that was taken out: its step would fail each time, so say so before.
 * Throws `grant.needed`.
 */
export function assertNeeded(
  { asks, allows, connector }: { asks: Asks; allows: Allowance; connector: ConnectorDescription | undefined },
  stored: unknown,
): void {
  if ([...outOf('fields', asks, allows), ...outOf('replies', asks, allows)].length === 0) return;
  const read = readDocument(stored);
  if ('issues' in read) throw new Error('A stored version is not valid');
  const issues = checkNeeded({ asks, allows }, read.document, connector);
  if (issues.length > 0) throw new Problem('grant.needed', { issues });
}

function checkNeeded(
  { asks, allows }: { asks: Asks; allows: Allowance },
  document: FlowDocument,
  connector: ConnectorDescription | undefined,
): Issue[] {
  const steps = new Map([...everyStep(document)].map((step) => [step.id, step]));
  const users = (kind: AllowanceKind, value: string) =>
    (asks.steps[useKey(kind, value)] ?? []).flatMap((id) => {
      const step = steps.get(id);
      const action = step?.kind === 'action' ? connector?.actions.find((one) => one.id === step.action) : undefined;
      return action === undefined ? [] : [{ id, action }];
    });
  const sent = outOf('fields', asks, allows).flatMap((name) => {
    const field = name.slice(name.indexOf(':') + 1);
    const needing = users('fields', name).filter(({ action }) => isRequired(action.input, field.split('.')));
    return needing.map(({ id, action }) =>
      issueOf('fields', id, `${action.title} (step ${id}) does nothing without ${field}.`),
    );
  });
  const received = outOf('replies', asks, allows).flatMap((field) => {
    const needing = users('replies', field).filter(({ action }) => !action.spareFields.includes(field));
    const what = field === wholeReply ? 'its answer' : `${field} of its answer`;
    return needing.map(({ id, action }) =>
      issueOf('replies', id, `${action.title} (step ${id}) fails without ${what}.`),
    );
  });
  return [...sent, ...received];
}

function issueOf(kind: AllowanceKind, step: string, message: string): Issue {
  return { path: `limits.${kind}`, step, message };
}

function outOf(kind: AllowanceKind, asks: Allowance, allows: Allowance): string[] {
  return asks[kind].filter((value) => !allows[kind].includes(value));
}

function isRequired(schema: Readonly<Record<string, unknown>>, [name = '', ...rest]: readonly string[]): boolean {
  const { required, properties } = schema;
  if (!Array.isArray(required) || !required.includes(name)) return false;
  if (rest.length === 0) return true;
  const inner = isFields(properties) ? properties[name] : undefined;
  return isFields(inner) && isRequired(inner, rest);
}
