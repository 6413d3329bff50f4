import { accessReviewNoticeDays, type NoticeKind } from '@sluice/shared/api';
import type { NoticeAbout } from '../../journal/notice-cause.js';

/** What is told, once or gathered. */
export interface Told {
  kind: NoticeKind;
  about: NoticeAbout;
  detail: Readonly<Record<string, string | number>>;
  count: number;
}

/** One sentence: names and counts, never what a run carried. */
export function titleOf({ kind, about, detail, count }: Told): string {
  const name = about.name ?? about.id;
  const where = about.environment === undefined ? '' : ` in ${about.environment}`;
  const by = String(detail['by'] ?? 'Somebody');
  switch (kind) {
    case 'run.failed':
      return `${name} failed${count === 1 ? '' : ` ${count} times`}${where}`;
    case 'schedule.missed':
      return `${name}${where} was due and did not run${count > 1 ? ', again and again' : timesWords(detail['slots'])}`;
    case 'step.in_doubt':
      return count === 1 ? `${name}${where} has a step in doubt` : `${name}${where} has ${count} steps in doubt`;
    case 'approval.asked':
      return `${name}${where} asks for ${count === 1 ? 'a decision' : `${count} decisions`}`;
    case 'grant.asked':
      return `${name} asks for an approval${where}`;
    case 'grant.emergency':
      return `${by} approved ${name} alone${where} in an emergency, for an hour`;
    case 'grant.ending':
      return `An approval of ${name}${where} ${endWords(detail['daysBefore'])}`;
    case 'policy.asked':
      return `${by} asks to loosen the rules of ${name}: a second person confirms`;
    case 'policy.loosened':
      return `The rules of ${name} are looser than before: ${by} confirmed it`;
    case 'killswitch.set':
      return `${by} stopped the ${String(detail['of'] ?? 'target')} ${name}`;
    case 'killswitch.lift_asked':
      return `${by} asks to lift the stop of ${name}: a second person confirms`;
    case 'storage.near':
      return 'The workspace has used 80 % of its storage';
    case 'storage.full':
      return 'The workspace has used all of its storage: nothing new is taken';
    case 'connection.due':
      return `The connection ${name}${where} is due${dueWords(detail['days'])}`;
    case 'connection.lost':
      return `The connection ${name}${where} lost its authorization: authorize it again`;
    case 'connection.scopes':
      return `The service grants the connection ${name}${where} more than was approved: it was not used`;
    case 'poll.failed':
      return `${name}${where} could not look for news: nothing new begins until it can`;
    case 'egress.refused':
      return `${String(detail['times'] ?? 'Many')} calls within a minute went where they may not: each was refused`;
    case 'access_review.due':
      return accessWords(detail);
    case 'log.alarm':
      return String(detail['why'] ?? 'The audit log is sealed no more');
    case 'notice.undelivered':
      return count === 1 ? 'A notice could not be delivered' : `${count} notices could not be delivered`;
  }
}

function timesWords(slots: string | number | undefined): string {
  return typeof slots === 'number' && slots > 1 ? `, ${slots} times` : '';
}

function dueWords(days: string | number | undefined): string {
  if (typeof days !== 'number') return '';
  if (days < 0) return ' since its expiry';
  return days === 0 ? ' today' : ` in ${days} ${days === 1 ? 'day' : 'days'}`;
}

function endWords(days: string | number | undefined): string {
  if (typeof days !== 'number' || days <= 0) return 'has ended: its calls are refused until it is approved anew';
  return `ends within ${days} ${days === 1 ? 'day' : 'days'}`;
}

/** Where it leads in the product. Of many of a kind the list. */
export function linkOf({ kind, about, count }: Told): string {
  const of = (path: string, search: Record<string, string | undefined>) => {
    const given = Object.entries(search).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, value]],
    );
    return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
  };
  const { flow, environment, run, step } = about;
  switch (kind) {
    case 'run.failed':
    case 'step.in_doubt': {
      const status = kind === 'run.failed' ? 'failed' : 'in_doubt';
      if (count > 1 || run === undefined) return of('/runs', { flow, environment, status });
      return of(`/runs/${run}`, { step });
    }
    case 'schedule.missed':
      return '/schedules';
    case 'approval.asked':
      return of('/approvals', { view: 'questions' });
    case 'grant.asked':
    case 'grant.emergency':
    case 'grant.ending':
      return '/approvals';
    case 'policy.asked':
    case 'policy.loosened':
      return '/settings';
    case 'killswitch.set':
    case 'killswitch.lift_asked':
      return '/incidents';
    case 'connection.due':
    case 'connection.lost':
    case 'connection.scopes':
      return of('/connections', { open: about.id });
    case 'poll.failed':
      return `/flows/${flow ?? about.id}`;
    case 'egress.refused':
      return of('/audit', { action: 'egress.' });
    case 'access_review.due':
      return of('/reviews', { view: 'access' });
    case 'log.alarm':
      return '/audit';
    case 'storage.near':
    case 'storage.full':
    case 'notice.undelivered':
      return '/settings';
  }
}

function accessWords({ due = 0, soon = 0 }: Told['detail']): string {
  const members = (count: string | number) => `${count} ${Number(count) === 1 ? 'member' : 'members'}`;
  const later = `within ${accessReviewNoticeDays} days`;
  if (Number(due) === 0) return `The access of ${members(soon)} is to be looked at ${later}`;
  const more = Number(soon) === 0 ? '' : `, and of ${soon} more ${later}`;
  return `The access of ${members(due)} is to be looked at${more}`;
}
