import { describe, expect, it } from 'vitest';
import type { RawReply } from '../drivers/http-exchange.js';
import { makeStripper } from '../strip.js';
import { ReplyKeeper } from './keep-reply.js';

const token = 'canary.7d1f';
const ticket = { file: `fil_${'0'.repeat(52)}`, blob: 'blob', of: 'run|fil_1', key: 'k', bytes: 0 };

async function keep(headers: Record<string, string>) {
  const keeper = new ReplyKeeper({
    keep: { ticket, when: 'all', mostBytes: 1000 },
    label: 'files.test',
    pathname: '/report.pdf',
    stripper: makeStripper({ kind: 'bearer', token }),
    async save(source) {
      for await (const _ of source);
    },
  });
  keeper.into(200, headers)?.end('content');
  const reply: RawReply = { status: 200, headers, body: Buffer.alloc(0), bytes: 7 };
  await keeper.join(Promise.resolve(reply));
  return keeper.handle();
}

describe('F16: the handle of an answer', () => {
  it.each([
    ['application/pdf', 'application/pdf'],
    ['Application/PDF; charset=x', 'application/pdf'],
    [`application/${token}`, 'application/octet-stream'],
    ['nothing', 'application/octet-stream'],
  ])('has for %j the type %j', async (given, type) => {
    expect(await keep({ 'content-type': given })).toMatchObject({ name: 'report.pdf', type, bytes: 7 });
  });

  it('has no secret in its name', async () => {
    const handle = await keep({ 'content-disposition': `attachment; filename="${token}.pdf"` });
    expect(handle?.name).toBe('[removed].pdf');
  });
});
