import { activityOf, hasFailed, isAlert, type LogEvent, placeOf, sentenceOf } from './log-event.js';

/** ArcSight Common Event Format, version 0: seven fields and a text of `key=value`. One line. */
export function cefEvent(event: LogEvent, product: { version: string; origin: string }): string {
  const { entry } = event;
  const { action, actor, at, environment, run, step, subject, requestId } = entry;
  const severity = isAlert(entry) ? 8 : hasFailed(entry) ? 5 : 2;
  const header = ['CEF:0', 'Sluice', 'Sluice', product.version, action, sentenceOf(entry), String(severity)];
  const extension: readonly (readonly [string, string | undefined])[] = [
    ['rt', String(Date.parse(at))],
    ['externalId', placeOf(event)],
    ['dvchost', product.origin],
    ['suid', actor.id],
    ['suser', actor.name],
    ['act', activityOf(action)],
    ['outcome', hasFailed(entry) ? 'failure' : 'success'],
    ['cs1Label', 'workspace'],
    ['cs1', entry.workspace],
    ['cs2Label', environment && 'environment'],
    ['cs2', environment],
    ['cs3Label', run && 'run'],
    ['cs3', run],
    ['cs4Label', step && 'step'],
    ['cs4', step],
    ['cs5Label', subject && 'subject'],
    ['cs5', subject && `${subject.kind} ${subject.id}`],
    ['requestContext', requestId],
    ['msg', entry.detail && JSON.stringify(entry.detail)],
  ];
  const pairs = extension.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escapeValue(value)}`]));
  return `${header.map((field, i) => (i === 0 ? field : escapeField(field))).join('|')}|${pairs.join(' ')}`;
}

function escapeField(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

function escapeValue(text: string): string {
  return text.replace(/[\\=]/g, '\\$&').replace(/\r/g, '\\r').replace(/\n/g, '\\n');
}
