import type { NoticeKind } from '@sluice/shared/api';
import type { EntityManager } from 'typeorm';
import type { NoticeAbout, NoticeAudience } from '../../journal/notice-cause.js';
import { newId } from '../../platform/ids.js';
import type { NoticesRepository, Recipient } from './notices.repository.js';

export interface CauseRow {
  workspaceId: string;
  kind: NoticeKind;
  about: NoticeAbout;
  audience: NoticeAudience;
  detail: Record<string, string | number>;
  at: Date;
}

/** The same thing, told several times: one notice, and the newest of it is what it shows. */
export interface Matter extends CauseRow {
  key: string;
  count: number;
  firstAt: Date;
}

/** What counts as the same: of a flow in an environment its runs, else the thing itself. */
export function gatherCauses(causes: readonly CauseRow[]): Matter[] {
  const matters = new Map<string, Matter>();
  for (const cause of causes) {
    const { workspaceId, kind, about, at } = cause;
    const key = [kind, about.flow ?? about.id, about.environment ?? ''].join('|');
    const place = `${workspaceId} ${key} ${JSON.stringify(cause.audience)}`;
    const known = matters.get(place);
    matters.set(place, { ...cause, key, count: (known?.count ?? 0) + 1, firstAt: known?.firstAt ?? at });
  }
  return [...matters.values()];
}

/** A flow that fails again and again is mailed at once, then once in so long. */
export const digestMs = 3_600_000;

/** Brings one matter to everybody whom it concerns. Answers their ids. */
export async function spread(
  tx: EntityManager,
  { notices, mail, now }: { notices: NoticesRepository; mail: boolean; now: Date },
  given: Matter,
): Promise<string[]> {
  const name = given.about.flow === undefined ? undefined : await notices.flowName(tx, given.about.flow);
  const matter = { ...given, about: { ...given.about, ...(name === undefined || hasName(given) ? {} : { name }) } };
  const recipients = await notices.listRecipients(tx, matter);
  for (const recipient of recipients) await tell(tx, { notices, mail, now }, { matter, recipient });
  if (await notices.hasWebhook(tx, matter.workspaceId, matter.kind))
    await deliver(tx, { notices, now }, { matter, member: null, channel: 'webhook' });
  return recipients.filter(({ bell }) => bell).map(({ id }) => id);
}

function hasName({ about }: CauseRow): boolean {
  return about.name !== undefined;
}

async function tell(
  tx: EntityManager,
  { notices, mail, now }: { notices: NoticesRepository; mail: boolean; now: Date },
  { matter, recipient }: { matter: Matter; recipient: Recipient },
): Promise<void> {
  if (recipient.bell) await notices.put(tx, { id: newId('notice'), member: recipient.id, matter });
  // What could not be delivered by mail is not mailed.
  if (mail && recipient.mail && matter.kind !== 'notice.undelivered')
    await deliver(tx, { notices, now }, { matter, member: recipient.id, channel: 'mail' });
}

async function deliver(
  tx: EntityManager,
  { notices, now }: { notices: NoticesRepository; now: Date },
  { matter, member, channel }: { matter: Matter; member: string | null; channel: 'mail' | 'webhook' },
): Promise<void> {
  const to = { matter, member, channel };
  if (await notices.addToDigest(tx, to)) return;
  const last = await notices.lastDelivery(tx, to);
  const isRecent = last !== null && last.getTime() + digestMs > now.getTime();
  const dueAt = isRecent ? new Date(last.getTime() + digestMs) : now;
  await notices.insertDelivery(tx, { ...to, id: newId('delivery'), dueAt, now });
}
