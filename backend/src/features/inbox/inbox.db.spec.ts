import { inboxApi } from '@sluice/shared/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { newId } from '../../platform/ids.js';
import { InboxModule } from './inbox.module.js';
import { InboxService } from './inbox.service.js';

let house: OpenFeatures;
let lena: Actor;
let now: number;
/** The newest first: minutes ago, and what stands beside the delivery. */
const deliveries = [
  { ago: 1, message: 'msg_100%', address: '203.0.113.7', status: 'accepted', why: null },
  { ago: 2, message: 'msg_1', address: '203.0.113.7', status: 'accepted', why: null },
  { ago: 3, message: 'msg_1', address: '203.0.113.7', status: 'duplicate', why: null },
  { ago: 60, message: null, address: '2001:db8::9', status: 'refused', why: 'The signature is wrong.' },
  { ago: 61, message: 'msg_10', address: '198.51.100.4', status: 'ignored', why: null },
] as const;

beforeAll(async () => {
  house = await openFeatures({ more: [InboxModule] });
  ({ lena } = await house.aWorkspace({ lena: ['owner'] }));
  const { stranger } = await house.aWorkspace({ stranger: ['owner'] });
  now = house.clock.now();
  for (const { workspace } of [lena, stranger])
    for (const { ago, message, address, status, why } of deliveries)
      await house.pool.query(
        `insert into trigger_event (id, workspace_id, environment, endpoint_id, scheme, status, reason_code, reason_message, message_id, address, bytes, checks, received_at, keep_days)
         values ($1, $2, 'dev', 'end_1', 'stripe', $3, $4, $5, $6, $7, 1, '[]', $8, 90)`,
        [
          newId('event'),
          workspace,
          status,
          why === null ? null : 'webhook.wrong_signature',
          why,
          message,
          address,
          new Date(now - ago * 60_000),
        ],
      );
});
afterAll(() => house.close());

async function search(asked: object) {
  const { limit, cursor, ...filter } = inboxApi.list.query.parse(asked);
  return inboxApi.list.reply.parse(await house.get(InboxService).list(lena.workspace, filter, { limit, cursor }));
}
const minutes = (found: Awaited<ReturnType<typeof search>>) =>
  found.items.map(({ receivedAt }) => Math.round((now - Date.parse(receivedAt)) / 60_000));
const ago = (time: number) => new Date(now - time * 60_000).toISOString();

it.each([
  ['the sender’s id of a message, exactly', { message: 'msg_1' }, [2, 3]],
  ['such an id with a verdict', { message: 'msg_1', status: 'duplicate' }, [3]],
  ['part of an id', { q: 'MSG_10' }, [1, 61]],
  ['a text with a wildcard, which is none', { q: '100%' }, [1]],
  ['an address', { q: '203.0.113.' }, [1, 2, 3]],
  ['a reason, by its words or its code', { q: 'signature is wrong' }, [60]],
  ['a code', { q: 'wrong_signature' }, [60]],
  ['a scheme', { q: 'stripe', status: 'refused' }, [60]],
  ['nothing that stands nowhere', { q: 'nowhere' }, []],
])('finds by %s', async (_, asked, expected) => {
  expect(minutes(await search(asked))).toEqual(expected);
});

it('finds what was received in a part of time, its beginning included and its end not', async () => {
  expect(minutes(await search({ from: ago(60) }))).toEqual([1, 2, 3, 60]);
  expect(minutes(await search({ to: ago(60) }))).toEqual([61]);
  expect(minutes(await search({ from: ago(60), to: ago(2), q: '203' }))).toEqual([3]);
});

it('pages through what it finds without losing or repeating one', async () => {
  const first = await search({ q: 'msg_', limit: 2 });
  const second = await search({ q: 'msg_', limit: 2, cursor: first.next ?? '' });
  expect([minutes(first), minutes(second)]).toEqual([
    [1, 2],
    [3, 61],
  ]);
});

it('finds a message among many without reading them all', async () => {
  await house.pool.query(
    `insert into trigger_event (id, workspace_id, endpoint_id, status, message_id, bytes, checks, received_at, keep_days)
     select left($1, -6) || lpad(to_hex(n), 6, '0'), $2, 'end_2', 'accepted', 'many_' || n, 1, '[]', $3::timestamptz - n * interval '1 s', 90
     from generate_series(1, 5000) n`,
    [newId('event'), lena.workspace, new Date(now - 86_400_000)],
  );
  await house.owner.query('analyze trigger_event');
  const { rows } = await house.pool.query(
    `explain select id from trigger_event where workspace_id = $1 and message_id = 'msg_1' order by received_at desc, id desc limit 50`,
    [lena.workspace],
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/k90_\d+_workspace_id_message_id_idx/);
});

it.each([{ from: 'yesterday' }, { q: '' }, { message: '' }, { q: 'x'.repeat(201) }])('refuses %j', (asked) => {
  expect(inboxApi.list.query.safeParse(asked).success).toBe(false);
});
