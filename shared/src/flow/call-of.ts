import type { ConnectorDescription } from '../connector/describe.js';
import type { StepOf } from './document.js';
import { holesIn } from './expression/template.js';
import { isExpression, isFields } from './step-mappings.js';

type Action = ConnectorDescription['actions'][number];

/** Stands for what a template puts in; no address may hold it, so none is taken for one. */
const hole = 'sluice-hole';

/**
 * The call of a step, `POST /crm/v3/objects/contacts`: as its action declares it or, where the action leaves method and
 * address to the flow, as far as the step's literals say. What a template puts into the path is one segment, `{value}`.
 */
export function callOf(step: StepOf<'action'>, action: Action): string {
  const { callFrom } = action;
  if (callFrom === undefined) return `${action.method} ${action.path}`;
  const method = methodOf(step.input[callFrom.method] ?? defaultOf(action, callFrom.method));
  return `${method ?? action.method} ${pathOf(step.input[callFrom.url]) ?? action.path}`;
}

function methodOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z]+$/.test(value) ? value : null;
}

function pathOf(url: unknown): string | null {
  if (typeof url !== 'string' || isExpression(url) || url.includes(hole)) return null;
  const text = holesIn(url, hole);
  if (text === null || !URL.canParse(text)) return null;
  const { host, pathname } = new URL(text);
  // The host is part of what is put in, so nothing is known of what follows.
  if (host.includes(hole)) return null;
  return pathname
    .split('/')
    .map((segment) => (segment.includes(hole) || segment === '*' ? '{value}' : segment))
    .join('/');
}

function defaultOf(action: Action, field: string): unknown {
  const { properties } = action.input;
  if (!isFields(properties)) return undefined;
  const property = Object.hasOwn(properties, field) ? properties[field] : undefined;
  return isFields(property) ? property['default'] : undefined;
}
