import type { AuditEntryBody } from '@sluice/shared/audit';

/** An entry as it leaves the house: where it stands in the log with it, so that a receiver knows it again. */
export interface LogEvent {
  entry: AuditEntryBody;
  /** Index of its block in the sealed tree. */
  leaf: number;
  lane: string;
  block: number;
  position: number;
}

type Activity = 'create' | 'read' | 'update' | 'delete' | 'other';

const verbs: readonly (readonly [RegExp, Activity])[] = [
  [/(created|invited|added|published|asked|set|started|shared|issued|enrolled|authorized|received|set_up)$/, 'create'],
  [/(read|searched|exported|verified|revealed|viewed|listed)$/, 'read'],
  [/(removed|deleted|revoked|destroyed|dropped|released|retired|cancelled)$/, 'delete'],
  [
    /(changed|updated|rotated|renewed|replaced|renamed|deployed|approved|granted|decided|resolved|answered|undone)$/,
    'update',
  ],
];

/** What kind of deed an action is, by its last word: `connection.token_renewed` is an update. */
export function activityOf(action: string): Activity {
  return verbs.find(([pattern]) => pattern.test(action))?.[1] ?? 'other';
}

/** Whether it was refused or went wrong. */
export function hasFailed({ action, detail }: AuditEntryBody): boolean {
  return (
    /(refused|failed|in_doubt|lost|undelivered|stopped|silent|series)/.test(action) || detail?.['status'] === 'failed'
  );
}

/** What somebody should look at, rather than what merely happened. */
export function isAlert({ action }: AuditEntryBody): boolean {
  return /^(audit\.(seal_stopped|witness_silent)|egress\.refusal_series|connection\.authorization_lost|process\.lost|notice\.undelivered|auth\.locked|killswitch\.set)$/.test(
    action,
  );
}

/** One sentence without values: `Ada: connection.created (connection con_1)`. */
export function sentenceOf({ actor, action, subject }: AuditEntryBody): string {
  const about = subject === undefined ? '' : ` (${subject.kind} ${subject.id})`;
  return `${actor.name ?? actor.id}: ${action}${about}`;
}

/** The same for each time that it is sent, so that a receiver drops repeats: `0/17/3`. */
export function placeOf({ lane, block, position }: LogEvent): string {
  return `${lane}/${block}/${position}`;
}
