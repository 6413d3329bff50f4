import type { AuditEntryBody } from '@sluice/shared/audit';
import { activityOf, hasFailed, isAlert, type LogEvent, placeOf, sentenceOf } from './log-event.js';

/*
 * OCSF 1.9 (schema.ocsf.io): sign-in as Authentication, what concerns settings and people as Entity Management, runs and
 * questions as API Activity, alarms as Detection Finding.
 */

const version = '1.9.0';
const activities = { create: 1, read: 2, update: 3, delete: 4, other: 99 } as const;
const [authentication, entityManagement, apiActivity, detectionFinding] = [3002, 3004, 6003, 2004] as const;
const ofRuns = /^(run|runs|step|event|request|audit|egress|process|log|state)\./;

/** As one JSON object. */
export function ocsfEvent(event: LogEvent, product: { version: string; origin: string }): Record<string, unknown> {
  const { entry } = event;
  const { id: uid, name = uid } = entry.actor;
  const user = { uid, name, type_id: entry.actor.kind === 'member' ? 1 : 3 };
  const { classUid, activity, more } = classOf(entry, { user, origin: product.origin });
  return {
    class_uid: classUid,
    category_uid: Math.floor(classUid / 1000),
    activity_id: activity,
    type_uid: classUid * 100 + activity,
    time: Date.parse(entry.at),
    severity_id: isAlert(entry) ? 4 : hasFailed(entry) ? 2 : 1,
    status_id: hasFailed(entry) ? 2 : 1,
    message: sentenceOf(entry),
    actor: { user },
    metadata: {
      version,
      uid: placeOf(event),
      sequence: event.leaf,
      event_code: entry.action,
      tenant_uid: entry.workspace,
      product: { name: 'Sluice', vendor_name: 'Sluice', version: product.version },
      ...(entry.requestId === undefined ? {} : { correlation_uid: entry.requestId }),
    },
    ...more,
    unmapped: { entry },
  };
}

function classOf(
  entry: AuditEntryBody,
  { user, origin }: { user: object; origin: string },
): { classUid: number; activity: number; more: Record<string, unknown> } {
  const { action, id, subject } = entry;
  const resource = subject === undefined ? [] : [{ uid: subject.id, type: subject.kind }];
  if (isAlert(entry)) {
    const info = { uid: id, title: action, desc: sentenceOf(entry), created_time: Date.parse(entry.at) };
    return {
      classUid: detectionFinding,
      activity: 1,
      more: { finding_info: info, is_alert: true, resources: resource },
    };
  }
  if (action.startsWith('auth.')) {
    const activity = action.endsWith('signed_out') ? 2 : /signed_in$|refused|wrong/.test(action) ? 1 : 99;
    return { classUid: authentication, activity, more: { user, service: { name: 'Sluice' }, is_remote: true } };
  }
  const activity = activities[activityOf(action)];
  if (ofRuns.test(action)) {
    const api = { operation: action, service: { name: 'Sluice' }, ...requestOf(entry) };
    const source = { name: origin, type_id: 99, type: entry.actor.kind };
    return { classUid: apiActivity, activity, more: { api, src_endpoint: source, resources: resource } };
  }
  const entity = {
    uid: subject?.id ?? entry.workspace,
    type: subject?.kind ?? 'workspace',
    name: subject?.id ?? entry.workspace,
  };
  return { classUid: entityManagement, activity, more: { entity } };
}

function requestOf({ requestId, run }: AuditEntryBody): object {
  const uid = requestId ?? run;
  return uid === undefined ? {} : { request: { uid } };
}
