import type { AuditEntryBody } from '@sluice/shared/audit';
import { activityOf, hasFailed, isAlert, type LogEvent, placeOf, sentenceOf } from './log-event.js';

const types = { create: 'creation', read: 'access', update: 'change', delete: 'deletion', other: 'info' } as const;

/** Elastic Common Schema 9: https://www.elastic.co/docs/reference/ecs. As one JSON object. */
export function ecsEvent(event: LogEvent, product: { version: string; origin: string }): Record<string, unknown> {
  const { entry } = event;
  const { actor, action, at, environment, run, step, subject, requestId } = entry;
  const labels = { environment, run, step, subject: subject?.id, subject_kind: subject?.kind };
  return {
    '@timestamp': at,
    ecs: { version: '9.0.0' },
    message: sentenceOf(entry),
    event: {
      id: placeOf(event),
      kind: isAlert(entry) ? 'alert' : 'event',
      category: [categoryOf(entry)],
      type: [typeOf(entry)],
      action,
      outcome: hasFailed(entry) ? 'failure' : 'success',
      provider: 'sluice',
      dataset: 'sluice.audit',
      sequence: event.leaf,
      original: JSON.stringify(entry),
    },
    user: { id: actor.id, name: actor.name ?? actor.id },
    organization: { id: entry.workspace },
    service: { name: 'sluice', type: 'sluice', version: product.version },
    observer: { vendor: 'Sluice', product: 'Sluice', version: product.version, name: product.origin },
    labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined)),
    ...(requestId === undefined ? {} : { trace: { id: requestId } }),
  };
}

function categoryOf({ action }: AuditEntryBody): string {
  if (action.startsWith('auth.')) return 'authentication';
  if (/^(member|token|grant)\./.test(action)) return 'iam';
  return /^(run|step|event|request|egress)\./.test(action) ? 'api' : 'configuration';
}

/** What was done, where its category allows to say so: of sign-in only `start` and `end` of a session, of people no `access`. */
function typeOf(entry: AuditEntryBody): string {
  if (entry.action === 'auth.signed_in') return 'start';
  if (entry.action === 'auth.signed_out') return 'end';
  const [category, type] = [categoryOf(entry), types[activityOf(entry.action)]];
  return category === 'authentication' || (category === 'iam' && type === 'access') ? 'info' : type;
}
