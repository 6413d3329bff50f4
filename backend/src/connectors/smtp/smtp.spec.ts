import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { doubleNet } from '../../../test/double-net.js';
import { send } from './actions/send.js';
import { smtpDouble } from './double.js';
import { connector } from './index.js';

const settings = { host: 'mail.example.org', from: 'Shop <shop@example.org>' };
const mail = { to: 'ada@example.com', subject: 'Thank you', text: 'You paid.' };

function bench() {
  const double = smtpDouble();
  const net = doubleNet({ double, hosts: [double.host], auth: double.grant() });
  const step = {
    config: connector.base.config.parse(settings),
    net,
    idempotencyKey: 'a/b+c=',
    signal: new AbortController().signal,
  };
  return { double, step, run: (input: z.input<typeof send.input>) => send.run(step, send.input.parse(input)) };
}

describe('smtp send', () => {
  it('sends to one address or to a list, and to the hidden ones too', async () => {
    const { double, run } = bench();
    await run(mail);
    const receipt = await run({
      ...mail,
      to: ['a@example.com', 'Bob B. <b@example.com>'],
      cc: 'c@example.com',
      bcc: ['d@example.com'],
    });
    expect(double.effects()).toEqual([
      'mail to ada@example.com: Thank you',
      'mail to a@example.com, Bob B. <b@example.com>, c@example.com, d@example.com: Thank you',
    ]);
    expect(receipt.accepted).toHaveLength(4);
  });

  it('makes the Message-ID from the key and the sender, the same each time', async () => {
    const { run } = bench();
    const ids = [await run(mail), await run(mail)].map(({ messageId }) => messageId);
    expect(ids).toEqual(['<a-b-c-@example.org>', '<a-b-c-@example.org>']);
  });

  it('names the recipients that were refused, and fails if all were', async () => {
    const { run } = bench();
    expect(await run({ ...mail, to: ['refused@example.com', 'ada@example.com'] })).toMatchObject({
      accepted: ['ada@example.com'],
      rejected: ['refused@example.com'],
    });
    await expect(run({ ...mail, to: 'refused@example.com' })).rejects.toMatchObject({
      code: 'rejected',
      message: 'The mail server took the mail for nobody: 550 5.1.1.',
    });
  });

  it('does not take a receipt without a recipient for a success', async () => {
    const { step } = bench();
    const receipt = { accepted: [], rejected: ['ada@example.com'], messageId: '<1@example.org>', response: '250 Ok' };
    const net = { ...step.net, mail: async () => receipt };
    await expect(send.run({ ...step, net }, mail)).rejects.toMatchObject({ code: 'rejected' });
  });

  it('meets a full server once', async () => {
    const { run } = bench();
    const slow = { ...mail, to: 'fault-450@example.com' };
    await expect(run(slow)).rejects.toMatchObject({ code: 'unavailable', uncertain: false });
    expect((await run(slow)).accepted).toEqual(['fault-450@example.com']);
  });

  it.each([
    { subject: 'Hi\r\nBcc: evil@example.com' },
    { subject: 'Hi\nBcc: evil@example.com' },
    { subject: 'Hi\u2028there' },
    { subject: '' },
    { to: 'ada@example.com\r\nBcc: evil@example.com' },
    { to: 'ada@example.com\n' },
    { to: 'evil@example.com, Ada <ada@example.com>' },
    { to: 'Ada <ada@example.com>, evil@example.com' },
    { to: 'Ada <ada@example.com> <evil@example.com>' },
    { to: '"x" <ada@example.com>' },
    { to: 'Lovelace, Ada <ada@example.com>' },
    { to: 'Ada\r\nBcc: x <ada@example.com>' },
    { to: 'not an address' },
    { to: [] },
    { cc: ['evil@example.com;b@example.com'] },
    { replyTo: 'a@example.com\nX: y' },
    { text: undefined },
    { headers: { 'x-a': 'b' } },
  ])('refuses %j', (change) => {
    expect(send.input.safeParse({ ...mail, ...change }).success).toBe(false);
  });

  it.each(['Ünïcode Näme <ada@example.com>', 'ada+tag@mail.example.co.uk', 'root@localhost'])('takes %j', (to) => {
    expect(send.input.safeParse({ ...mail, to }).success).toBe(true);
  });
});

describe('smtp connection', () => {
  it.each([
    [{}, { port: 587, tls: 'starttls' }],
    [{ port: 465 }, { tls: 'required' }],
    [{ tls: true }, { tls: 'starttls' }],
    [{ port: 465, tls: true }, { tls: 'required' }],
    [{ port: 2525, tls: false }, { tls: 'none' }],
    [{ port: 2525, tls: 'required' }, { tls: 'required' }],
  ])('reads %j as %j', (given, read) => {
    expect(connector.base.config.parse({ ...settings, ...given })).toMatchObject(read);
  });

  it.each([
    { host: 'mail.example.org:25' },
    { host: 'https://mail.example.org' },
    { port: 0 },
    { from: 'a\nb@example.org' },
    { tls: 'maybe' },
    { password: 'x' },
  ])('refuses %j', (change) => {
    expect(connector.base.config.safeParse({ ...settings, ...change }).success).toBe(false);
  });

  it('reaches its own server only', () => {
    const { hosts } = connector.base;
    const config = connector.base.config.parse({ ...settings, host: 'Mail.Example.org', port: 2525 });
    expect(typeof hosts === 'function' && hosts(config)).toEqual(['mail.example.org:2525']);
  });
});
