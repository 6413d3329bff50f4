import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { FlowsService } from '../flows/flows.service.js';
import { DeputiesService } from './deputies.service.js';
import { NoticesService } from './notices.service.js';

let features: OpenFeatures;
let notices: NoticesService;
let ada: Actor;
let grace: Actor;
let joan: Actor;

beforeAll(async () => {
  features = await openFeatures();
  notices = features.get(NoticesService);
});
afterAll(() => features.close());
beforeEach(async () => {
  features.clock.ahead = 0;
  ({ ada, grace, joan } = await features.aWorkspace({ ada: ['owner'], grace: ['builder'], joan: ['operator'] }));
});

const due = (id: string) => ({
  workspace: ada.workspace,
  kind: 'connection.due' as const,
  about: { kind: 'connection' as const, id, name: 'Books' },
  audience: { members: [ada.member] },
  detail: { days: 7 },
});
const tell = (cause: Parameters<NoticesService['tell']>[1]) =>
  features.get(DataSource).transaction((tx) => notices.tell(tx, cause));
const page = { unread: false, cursor: undefined, limit: 50 };
const listOf = async (who: Actor) => (await notices.list(who, page)).items;

async function aFlow(): Promise<string> {
  return (await features.get(FlowsService).create(grace, { name: 'Receipts' })).id;
}
const failed = (flow: string, run: string) => ({
  workspace: ada.workspace,
  kind: 'run.failed' as const,
  about: { kind: 'run' as const, id: run, flow, environment: 'production', run },
  audience: { flow },
});
async function deliveries(who: Actor | null = null) {
  const { rows } = await features.pool.query(
    `select member_id as member, channel, status, count, due_at as due from notice_delivery
     where workspace_id = $1 and ($2::text is null or member_id = $2) order by created_at, id`,
    [ada.workspace, who?.member ?? null],
  );
  return rows;
}

describe('what is told', () => {
  it('is told with what it tells of, or not at all', async () => {
    await tell(due('con_kept'));
    const failing = features.get(DataSource).transaction(async (tx) => {
      await notices.tell(tx, due('con_lost'));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await notices.spread();
    expect(await listOf(ada)).toMatchObject([
      { title: 'The connection Books is due in 7 days', link: '/connections?open=con_kept', count: 1, readAt: null },
    ]);
  });

  it('reaches the owner of a flow and the deputies, and nobody of another workspace', async () => {
    const { eve } = await features.aWorkspace({ eve: ['owner'] });
    const flow = await aFlow();
    await features.get(DeputiesService).set(grace, flow, [joan.member, grace.member]);
    await expect(features.get(DeputiesService).set(grace, flow, [eve.member])).rejects.toMatchObject({
      code: 'member.unknown',
    });
    await expect(features.get(DeputiesService).list(eve.workspace, flow)).rejects.toMatchObject({
      code: 'flow.unknown',
    });
    await tell(failed(flow, 'run_1'));
    await notices.spread();
    for (const who of [grace, joan])
      expect(await listOf(who)).toMatchObject([{ title: 'Receipts failed in production', link: '/runs/run_1' }]);
    for (const who of [ada, eve]) expect(await listOf(who)).toEqual([]);
  });

  it('reaches admins when the owner is gone and nobody stands in', async () => {
    const flow = await aFlow();
    await features.pool.query('update member set disabled_at = now() where id = $1', [grace.member]);
    await tell(failed(flow, 'run_1'));
    await notices.spread();
    expect(await listOf(ada)).toHaveLength(1);
    expect(await listOf(grace)).toEqual([]);
  });

  it('is one notice however often it happens while it is unread, mailed at once and then as one digest', async () => {
    const flow = await aFlow();
    await tell(failed(flow, 'run_0'));
    await notices.spread();
    expect(await deliveries(grace)).toMatchObject([{ channel: 'mail', status: 'due', count: 1 }]);
    await features.pool.query(
      `update notice_delivery set status = 'sent', attempts = 1, ended_at = now() where member_id = $1`,
      [grace.member],
    );
    for (let run = 1; run <= 40; run += 1) await tell(failed(flow, `run_${run}`));
    await notices.spread();
    await tell(failed(flow, 'run_41'));
    await notices.spread();
    expect(await listOf(grace)).toMatchObject([{ count: 42, title: 'Receipts failed 42 times in production' }]);
    const [first, digest, ...more] = await deliveries(grace);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ status: 'sent', count: 1 });
    expect(digest).toMatchObject({ status: 'due', count: 41 });
    expect(digest.due.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    // Read, it begins anew.
    await notices.readAll(grace);
    await tell(failed(flow, 'run_42'));
    await notices.spread();
    expect((await listOf(grace)).map(({ count, readAt }) => [count, readAt === null])).toEqual([
      [1, true],
      [42, false],
    ]);
  });

  it('is marked as read and unread by whom it is for alone', async () => {
    await tell(due('con_1'));
    await notices.spread();
    const [notice] = await listOf(ada);
    const id = notice?.id ?? '';
    await expect(notices.mark(grace, id, true)).rejects.toMatchObject({ code: 'notice.unknown' });
    expect((await notices.list(ada, page)).unread).toBe(1);
    expect((await notices.mark(ada, id, true)).readAt).not.toBeNull();
    expect((await notices.list(ada, { ...page, unread: true })).items).toEqual([]);
    expect((await notices.mark(ada, id, false)).readAt).toBeNull();
  });

  it('heeds what a member wants to hear of', async () => {
    const flow = await aFlow();
    await notices.prefer(grace, [{ kind: 'run.failed', bell: true, mail: false }]);
    await tell(failed(flow, 'run_1'));
    await notices.spread();
    expect(await listOf(grace)).toHaveLength(1);
    expect(await deliveries(grace)).toEqual([]);
    await notices.prefer(grace, [{ kind: 'run.failed', bell: false, mail: true }]);
    await tell(failed(flow, 'run_2'));
    await notices.spread();
    expect(await listOf(grace)).toMatchObject([{ count: 1 }]);
    expect(await deliveries(grace)).toHaveLength(1);
  });
});
