import type { ConnectorDescription } from '../connector/describe.js';
import type { StepOf } from './document.js';
import { holesIn } from './expression/template.js';
import { isExpression, isFields } from './step-mappings.js';

type Action = ConnectorDescription['actions'][number];
/** A step that calls a service; a trigger when it asks for news. */
type Caller = StepOf<'action'> | StepOf<'trigger'>;

/** The action of `connector` that a step calls: its own, or the one that its trigger repeats. */
export function actionOf(step: Caller, connector: ConnectorDescription | undefined): Action | undefined {
  const called = step.kind === 'action' ? step.action : connector?.triggers.find(({ id }) => id === step.trigger)?.asks;
  return called === undefined ? undefined : connector?.actions.find(({ id }) => id === called);
}

/** Stands for what a template puts in; no address may hold it, so none is taken for one. */
const hole = 'sluice-hole';

/**
 * The call of a step, `POST /crm/v3/objects/contacts`: as its action declares it or, where the action leaves method and
 * address, or the path, to the flow, as far as the step's literals say. What a template puts into the path is one segment, `{value}`.
 */
export function callOf(step: Caller, action: Action): string {
  const { callFrom } = action;
  const written = step.kind === 'action' ? step.input : step.config;
  if (callFrom === undefined) return `${action.method} ${action.path}`;
  if ('path' in callFrom) {
    const given = written[callFrom.path];
    const path = callFrom.below === undefined ? given : below(given ?? defaultOf(action, callFrom.path));
    return `${action.method} ${plainPathOf(path) ?? action.path}`;
  }
  const method = methodOf(written[callFrom.method] ?? defaultOf(action, callFrom.method));
  return `${method ?? action.method} ${pathOf(written[callFrom.url]) ?? action.path}`;
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
  return templateOf(pathname);
}

/** The path of a name: `/INBOX`. */
function below(name: unknown): unknown {
  return typeof name === 'string' && !isExpression(name) ? `/${name}` : null;
}

function plainPathOf(path: unknown): string | null {
  if (typeof path !== 'string' || isExpression(path) || path.includes(hole)) return null;
  const text = holesIn(path, hole);
  // A call is words: what holds a space can't be told from the next word.
  return text === null || !/^\/[^\s{}]*$/.test(text) ? null : templateOf(text);
}

function templateOf(path: string): string {
  return path
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
