import { describe, expect, it } from 'vitest';
import { doubleNet } from '../../../test/double-net.js';
import { imapDouble } from './double.js';
import { connector } from './index.js';
import { sampleMail } from './mail.js';

const settings = { host: 'imap.example.org' };

async function run(action: string, input: object) {
  const double = imapDouble();
  const net = doubleNet({ double, hosts: [double.host], auth: double.grant() });
  const step = {
    config: connector.base.config.parse(settings),
    net,
    idempotencyKey: 'a',
    signal: new AbortController().signal,
  };
  const found = connector.actions[action];
  if (found === undefined) throw new Error(`No action ${action}`);
  return await found.run(step, found.input.parse(input));
}

interface Seen {
  uidValidity?: number;
  uidNext: number;
  uids: readonly number[];
  more?: boolean;
  left?: readonly number[];
}

/** What each look in a row asks after, and the UIDs that it gives. */
function looks(seen: readonly Seen[], params: object = {}) {
  const trigger = connector.triggers['mail.new'];
  const poll = trigger?.poll;
  if (poll === undefined) throw new Error('no trigger');
  let cursor: unknown = null;
  return seen.map(({ uidValidity = 4, uidNext, uids, more = false, left = [] }) => {
    const look = { params: trigger?.params.parse(params), cursor, at: 0, mark: (text: string) => text };
    const asked = connector.actions['mails.list']?.input.parse(poll.input(look));
    // A server gives none under another numbering, nor more than were asked for.
    const isSame = [undefined, uidValidity].includes(Object(asked).uidValidity);
    const mails = isSame ? uids.slice(0, Object(asked).limit).map((uid) => ({ ...sampleMail, uid })) : [];
    const { items, next, warning } = poll.read(look, { uidValidity, uidNext, mails, more });
    cursor = JSON.parse(JSON.stringify(next(new Set(left.map((uid) => `${uidValidity}-${uid}`)))));
    return { after: Object(asked).after, ids: items.map(({ id }) => id), warns: warning !== undefined };
  });
}

describe('a new mail', () => {
  it('is one that comes from the first look on', () => {
    expect(
      looks([
        { uidNext: 8, uids: [5, 7] },
        { uidNext: 9, uids: [8] },
        { uidNext: 9, uids: [] },
      ]),
    ).toEqual([
      { after: 0, ids: [], warns: false },
      { after: 7, ids: ['4-8'], warns: false },
      { after: 8, ids: [], warns: false },
    ]);
  });

  it('is each that is there already, where all are asked for, over as many looks as that takes', () => {
    const seen = [
      { uidNext: 8, uids: [2, 3], more: true },
      { uidNext: 8, uids: [7] },
      { uidNext: 8, uids: [] },
    ];
    expect(looks(seen, { begin: 'all' }).map(({ after, ids }) => [after, ids])).toEqual([
      [0, ['4-2', '4-3']],
      [3, ['4-7']],
      [7, []],
    ]);
  });

  it('comes again where it did not become an event, and passes over those that the filter leaves out', () => {
    const seen = [
      { uidNext: 8, uids: [2, 5, 6], left: [5, 6] },
      { uidNext: 20, uids: [5, 6] },
      { uidNext: 20, uids: [] },
    ];
    expect(looks(seen, { begin: 'all' }).map(({ after }) => after)).toEqual([0, 4, 19]);
  });

  it('is also one that came while the look went on', () => {
    expect(
      looks(
        [
          { uidNext: 8, uids: [7, 8] },
          { uidNext: 9, uids: [] },
        ],
        { begin: 'all' },
      )[1]?.after,
    ).toBe(8);
  });

  it('is watched from now on where the mailbox was numbered anew, which is told', () => {
    const seen = [
      { uidNext: 8, uids: [7] },
      { uidValidity: 5, uidNext: 3, uids: [1, 2] },
      { uidValidity: 5, uidNext: 4, uids: [3] },
    ];
    expect(looks(seen, { begin: 'all' })).toEqual([
      { after: 0, ids: ['4-7'], warns: false },
      { after: 7, ids: [], warns: true },
      { after: 2, ids: ['5-3'], warns: false },
    ]);
  });

  it('is not lost from the cursor where a look of many gives none', () => {
    expect(
      looks(
        [
          { uidNext: 8, uids: [5], more: true },
          { uidNext: 8, uids: [], more: true },
          { uidNext: 8, uids: [] },
        ],
        { begin: 'all' },
      )[2]?.after,
    ).toBe(5);
  });
});

describe('imap', () => {
  it('finds by sender and subject, and tells what the server refused', async () => {
    expect(await run('mails.list', { from: '@CUSTOMER' })).toMatchObject({ mails: [{ uid: 1017 }], uidValidity: 4 });
    expect(await run('mails.list', { subject: 'invoice' })).toMatchObject({ mails: [] });
    await expect(run('mails.list', { mailbox: 'None' })).rejects.toMatchObject({ code: 'rejected' });
    const place = { mailbox: 'INBOX', uid: 1017, uidValidity: 4 };
    await expect(run('mails.move', { ...place, to: 'None' })).rejects.toMatchObject({ code: 'rejected' });
    await expect(run('mails.move', { ...place, uidValidity: 3, to: 'Archive' })).rejects.toMatchObject({
      code: 'rejected',
    });
    await expect(run('mails.mark', { ...place, mailbox: 'Shared' })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await run('mails.mark', { ...place, uid: 1 })).toEqual({ wasThere: false });
  });

  it.each([
    [{}, { port: 993, tls: 'required' }],
    [{ port: 143 }, { tls: 'starttls' }],
    [
      { port: 1993, host: 'IMAP.Example.org' },
      { tls: 'required', host: 'imap.example.org' },
    ],
    [{ port: 993, tls: 'starttls' }, { tls: 'starttls' }],
  ])('reads the settings %j as %j', (given, read) => {
    expect(connector.base.config.parse({ ...settings, ...given })).toMatchObject(read);
  });

  it.each([{ host: 'imap.example.org:993' }, { port: 0 }, { tls: 'none' }, { password: 'x' }])(
    'refuses the settings %j',
    (change) => {
      expect(connector.base.config.safeParse({ ...settings, ...change }).success).toBe(false);
    },
  );
});
