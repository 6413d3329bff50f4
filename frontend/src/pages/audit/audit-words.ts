import type { AuditEntry } from '@sluice/shared/api';
import { shortenId } from '../../lib/shorten-id.js';

/** Where the action's own word is no verb. */
const verbs: Record<string, string> = { intent: 'intends', outcome: 'ended', duplicate: 'repeated' };

export type Tone = 'failed' | 'in-doubt' | 'decision' | 'plain';

/** `grant.approved` as verb and noun, so that a row reads as a sentence: who approved a grant. */
export function actionWords(action: string): { verb: string; noun: string } {
  const parts = action.split('.');
  const verb = (parts.length > 1 ? parts.at(-1) : action) ?? action;
  const noun = parts.length > 1 ? parts.slice(0, -1).join(' ') : '';
  return { verb: verbs[verb] ?? verb.replace(/[_-]/g, ' '), noun: noun.replace(/[_-]/g, ' ') };
}

const decisions = new Set([
  'approved',
  'approve',
  'revoked',
  'revoke',
  'exported',
  'export',
  'rotated',
  'rotate',
  'invited',
  'narrowed',
]);

/** Refusals are red, doubts plum, decisions in accent. */
export function toneOfAction(action: string): Tone {
  if (/refus|denied|fail|wrong|locked/.test(action)) return 'failed';
  if (/doubt/.test(action)) return 'in-doubt';
  return decisions.has(actionWords(action).verb) ? 'decision' : 'plain';
}

/** Who acts by the name of their flow. */
const ofFlows: ReadonlySet<string> = new Set(['run', 'endpoint']);

export function actorName({ actor, flow }: AuditEntry): string {
  const name = ofFlows.has(actor.kind) ? flow?.name : undefined;
  return actor.name ?? name ?? shortenId(actor.id);
}

export function isMachine(entry: AuditEntry): boolean {
  return entry.actor.kind !== 'member' && entry.actor.kind !== 'visitor';
}

/** What the row is about: the few details that fit a line, else the subject. Ids are shortened, hashes left out. */
export function aboutText(entry: AuditEntry): string {
  const details = Object.values(entry.detail ?? {}).flatMap((value) => {
    if (typeof value === 'number') return [String(value)];
    return typeof value === 'string' && !isOpaque(value) ? [shortValue(value)] : [];
  });
  const subject = entry.subject && `${entry.subject.kind} ${shortValue(entry.subject.id)}`;
  const flow = ofFlows.has(entry.actor.kind) ? undefined : entry.flow?.name;
  return [flow, stepsText(entry), ...details.slice(0, 3)].filter(Boolean).join(', ') || subject || '';
}

/** `step clean`, or `steps clean, big and 48 more` of an entry that stands for several. */
function stepsText({ step, detail }: AuditEntry): string | undefined {
  if (step !== undefined) return `step ${step}`;
  const [first, second, ...others] = [detail?.['done'], detail?.['steps']].flatMap(namesIn);
  if (second === undefined) return first && `step ${first}`;
  return `steps ${first}, ${second}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

function namesIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => {
    const name = typeof one === 'object' && one !== null && 'step' in one ? one.step : one;
    return typeof name === 'string' ? [name] : [];
  });
}

/** Commitments and hashes: long, without a space or a dot. */
function isOpaque(value: string): boolean {
  return /^(sha256:)?[\w+/=-]{40,}$/.test(value) && !isId(value);
}

function isId(value: string): boolean {
  return /^[a-z]{3,4}_[0-9a-z]{16,}$/.test(value);
}

function shortValue(value: string): string {
  return isId(value) ? shortenId(value) : value;
}
