import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { type FlowHouse, openFlowHouse } from '../../../test/flow-house.js';
import { type ImapTestServer, literal, startImapServer } from '../../../test/imap-server.js';
import { waitFor } from '../../../test/wait-for.js';
import { Vault } from '../../broker/call.js';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/log.js';
import { Polls } from './polls.js';

class SetClock extends Clock {
  at = Date.parse('2026-01-01T00:00:30.000Z');
  override now(): number {
    return this.at;
  }
}

let server: ImapTestServer;
let box: { uidValidity: number; uids: number[] };
let flows: FlowHouse;
let clock: SetClock;
let open: Polls[];

/** A mailbox that holds what `box` says. */
function answer({ words }: { words: string }): string | null {
  const { uidValidity, uids } = box;
  const next = Math.max(0, ...uids) + 1;
  if (words.startsWith('EXAMINE'))
    return `* OK [UIDVALIDITY ${uidValidity}] a\r\n* OK [UIDNEXT ${next}] b\r\nTAG OK [READ-ONLY] c`;
  if (words.startsWith('UID SEARCH')) return `* SEARCH ${uids.join(' ')}\r\nTAG OK done`;
  const [, asked = ''] = /^UID FETCH ([\d,]+) .*BODYSTRUCTURE/.exec(words) ?? [];
  if (asked === '') return null;
  const fetched = asked.split(',').map((uid) => {
    const header = literal(`From: Ada <ada@example.com>\r\nSubject: Order ${uid}\r\n\r\n`);
    return `* 1 FETCH (UID ${uid} FLAGS () INTERNALDATE "01-Jan-2026 00:00:00 +0000" RFC822.SIZE 90 BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1) BODY[HEADER]<0> ${header})`;
  });
  return `${fetched.join('\r\n')}\r\nTAG OK done`;
}

beforeEach(async () => {
  clock = new SetClock();
  box = { uidValidity: 4, uids: [1, 2] };
  server = await startImapServer({ certificate: makeCertificate('imap.test'), tls: 'none', answer });
  flows = await openFlowHouse({
    clock,
    doubles: new Map([['imap.example.org:993', `imap://127.0.0.1:${server.port}`]]),
  });
  open = [];
});
afterEach(async () => {
  for (const polls of open) await polls.stop();
  await flows.close();
  await server.close();
});

/** Deploys a flow that begins with a mail, and has two processes look. */
async function deploy(config: object = {}): Promise<() => Promise<void>> {
  const { house } = flows;
  const line = { subject: { $: 'trigger.body.subject' }, from: { $: 'trigger.body.from.address' } };
  const to = await flows.deploy([{ id: 'line', kind: 'transform', input: line }], ['hook>line'], {
    hook: { connector: 'imap', trigger: 'mail.new', config },
  });
  await house.pool.query(
    `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
     values ('con_imap', 'wsp_1', 'dev', 'imap', 'Orders', 'basic', $1, '{imap.example.org:993}', 'mbr_1')`,
    [{ host: 'imap.example.org', port: 993, tls: 'required' }],
  );
  await new Vault(house.keyring).putSecret(
    house.pool,
    { workspace: 'wsp_1', environment: 'dev', id: 'con_imap', version: 1 },
    { kind: 'basic', username: 'orders', password: 'open sesame' },
  );
  await house.pool.query(
    `update flow_version set document = jsonb_set(document::jsonb, '{slots}', '{"mailbox":{"connector":"imap"}}')::json where flow_id = $1`,
    [to.flow],
  );
  await house.pool.query(`update deployment set bindings = '{"mailbox":"con_imap"}' where id = $1`, [to.deployment]);
  house.changes.publish('deployments', [to.deployment]);
  const { pool, engine, journal, broker, stops, changes } = house;
  const parts = { pool, engine, journal, broker, stops, changes, clock, log: new Log('silent') };
  open = [new Polls(parts), new Polls(parts)];
  return async () => {
    await Promise.all(open.map((polls) => polls.tick()));
    clock.at += 301_000;
  };
}

const events = async () => {
  const { rows } = await flows.house.pool.query(
    `select message_id from trigger_event where status = 'accepted' order by received_at, id`,
  );
  return rows.map((row) => row.message_id);
};
const poll = async () => (await flows.house.pool.query('select * from poll')).rows[0];

it('starts one run for each mail that comes, from the first look on, however many processes look', async () => {
  const look = await deploy();
  await look();
  expect(await events()).toEqual([]);
  box.uids.push(3, 4);
  await look();
  await look();
  expect(await events()).toEqual(['4-3', '4-4']);
  const runs = await waitFor(async () => {
    const all = await flows.runs();
    return all.every(({ status }) => status === 'succeeded') ? all : undefined;
  });
  expect(runs).toHaveLength(2);
  expect((await poll()).trouble).toBeNull();
  // Content is in the run alone, and never in what is remembered.
  expect(JSON.parse((await poll()).cursor)).toEqual({ uidValidity: 4, after: 4 });
});

it('starts one for each mail that is there, where all are asked for', async () => {
  const look = await deploy({ begin: 'all' });
  await look();
  await look();
  expect(await events()).toEqual(['4-1', '4-2']);
});

it('begins anew from now where the server has numbered anew, and says so until the next look', async () => {
  const look = await deploy();
  await look();
  box = { uidValidity: 5, uids: [1, 2, 3] };
  await look();
  expect(await events()).toEqual([]);
  expect((await poll()).trouble).toMatchObject({ code: 'poll.partial', message: expect.stringMatching(/anew/) });
  box.uids.push(4);
  await look();
  expect(await events()).toEqual(['5-4']);
  expect((await poll()).trouble).toBeNull();
});
