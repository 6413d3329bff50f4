import type { RunCall } from '@sluice/shared/api';
import type { AuditEntryBody } from '@sluice/shared/audit';
import { everyStep, type FlowClasses, type FlowDocument } from '@sluice/shared/flow';
import { type EntryDetail, readDetail } from './entry-detail.js';
import type { RunLog } from './run-log.js';

/** Of a step whose connector is gone: unknown data counts as somebody's. */
const unknown = ['personal'] as const;

/** Each request of a run that went out, in its loops too, oldest first; what was put off or refused before is none. */
export function tellCalls(
  { document, classes }: { document: FlowDocument; classes: FlowClasses },
  { entries }: RunLog,
): RunCall[] {
  const names = new Map([...everyStep(document)].map(({ id, name }) => [id, name ?? null]));
  const ends = new Map(entries.filter(isEnd).map((entry) => [placeOf(entry), entry]));
  return entries.flatMap((entry) => {
    if (entry.action !== 'step.intent' || entry.step === undefined) return [];
    const end = ends.get(placeOf(entry));
    const held = classes.steps.get(entry.step)?.input.all.keys() ?? unknown;
    return callsOf(entry, end, { name: names.get(entry.step) ?? null, classes: [...held] });
  });
}

function isEnd({ action }: AuditEntryBody): boolean {
  return action === 'step.outcome' || action === 'step.in_doubt';
}

function keyOf({ step = '', pass }: AuditEntryBody): string {
  return pass === undefined ? step : `${step}[${pass}]`;
}

function placeOf(entry: AuditEntryBody): string {
  return `${keyOf(entry)} ${entry.attempt ?? 1}`;
}

/** An attempt may make several; of one that is under way, or whose answer was lost, what it meant to do is what is known. */
function callsOf(
  intent: AuditEntryBody,
  end: AuditEntryBody | undefined,
  { name, classes }: Pick<RunCall, 'name' | 'classes'>,
): RunCall[] {
  const meant = readDetail(intent.detail);
  if (meant.call === '') return [];
  const came = end === undefined ? null : readDetail(end.detail);
  const about = {
    step: keyOf(intent),
    name,
    attempt: intent.attempt ?? 1,
    at: intent.at,
    connection: meant.connection,
    grant: meant.grant,
    scopes: meant.scopes,
    effect: meant.effect,
    key: meant.key,
    classes,
    status: statusOf(end, came),
  };
  if (came !== null && (came.calls.length > 0 || end?.action === 'step.outcome'))
    return came.calls.map(({ host, method, path, status, bytesSent, bytesReceived }) => ({
      ...about,
      host,
      method,
      path,
      answer: status,
      bytes: bytesSent + bytesReceived,
    }));
  const [method = '', path = ''] = meant.call.split(' ');
  return [{ ...about, host: meant.hosts[0] ?? '', method, path, answer: null, bytes: null }];
}

function statusOf(end: AuditEntryBody | undefined, came: EntryDetail | null): RunCall['status'] {
  if (end === undefined || came === null) return 'running';
  if (end.action === 'step.in_doubt') return 'in_doubt';
  return came.status === 'succeeded' ? 'succeeded' : 'failed';
}
