import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConnectorError } from './connector-error.js';
import { type Action, declareConnector } from './declare.js';
import { field } from './fields.js';
import { spareFieldsOf } from './reply-fields.js';
import type { HttpReply, HttpRequest } from './http.js';
import type { Pages } from './pages.js';

const desk = declareConnector({
  id: 'desk',
  title: 'Desk',
  description: 'Tickets.',
  icon: { name: 'ticket', color: '#000000' },
  auth: ['bearer'],
  config: z.strictObject({ account: z.string() }),
  hosts: ['desk.example'],
  origin: 'https://desk.example',
  errors: {
    okay: 'ok',
    said: ['error.message', 'messages', 'fields'],
    code: 'error.code',
    codes: { slow: 'rate-limited', who: 'unauthorized', broke: { code: 'unavailable', uncertain: true } },
  },
  scopes: { all: { title: 'All', risk: 'write', vendor: [] } },
});

const common = { title: 'T', description: 'D', scopes: ['all'] } as const;
const ticket = z.object({ id: z.string() });

function answering(...replies: readonly Partial<HttpReply>[]) {
  const sent: HttpRequest[] = [];
  const net = {
    async http(request: HttpRequest): Promise<HttpReply> {
      sent.push(request);
      return { status: 200, headers: {}, body: null, ...replies[sent.length - 1] };
    },
    async mail(): Promise<never> {
      throw new Error('no mail');
    },
    async sftp(): Promise<never> {
      throw new Error('no files');
    },
    async sql(): Promise<never> {
      throw new Error('no database');
    },
    async sign(): Promise<never> {
      throw new Error('no key');
    },
    async imap(): Promise<never> {
      throw new Error('no mailbox');
    },
  };
  const run = async <In extends z.ZodType, Out extends z.ZodType>(
    action: Action<{ account: string }, 'all', In, Out>,
    input: unknown,
  ) =>
    await action.run(
      { config: { account: 'acme' }, net, idempotencyKey: 'key-1', signal: new AbortController().signal },
      action.input.parse(input),
    );
  return { sent, run };
}

describe('a declared call', () => {
  const change = desk.call('PUT /v1/{account}/tickets/{id}', {
    ...common,
    effect: { class: 'keyed', header: 'Idempotency-Key' },
    input: z.strictObject({
      id: field.id('Id'),
      subject: field.text('Subject'),
      notify: field.flag('Notify').optional(),
    }),
    query: ['notify'],
    output: ticket,
    sample: { input: { id: 't 1', subject: 'S' }, output: { id: 't1' } },
  });

  it('puts each field where it belongs, and the key and the connection’s settings with them', async () => {
    const { sent, run } = answering({ body: { id: 't1', more: 1 } });
    expect(await run(change, { id: 't:1', subject: 'S', notify: true })).toEqual({ id: 't1' });
    expect(sent).toEqual([
      {
        method: 'PUT',
        url: 'https://desk.example/v1/acme/tickets/t%3A1?notify=true',
        headers: { accept: 'application/json', 'Idempotency-Key': 'key-1' },
        body: { subject: 'S' },
      },
    ]);
  });

  it('lets in what the schema of the answer reads', () => {
    expect(change.replyFields).toEqual(['id']);
  });

  it('does without what the schema may lack, where something else is left of the object that it stands in', () => {
    const read = z.object({
      id: z.string(),
      note: z.string().optional(),
      only: z.object({ may: z.string().optional() }),
      lines: z.array(z.object({ sku: z.string(), tax: z.number().default(0), tip: z.number().nullable() })),
      person: z.object({ name: z.string() }).optional(),
    });
    expect(spareFieldsOf(read)).toEqual(['note', 'lines.tax']);
  });

  it.each(['..', '.', 'a/b', 'a\\b', ''])('lets %j make no other address', async (id) => {
    const open = desk.call('GET /v1/tickets/{id}', {
      ...common,
      input: z.strictObject({ id: z.string() }),
      output: ticket,
      sample: { input: { id: 't1' }, output: { id: 't1' } },
    });
    const { sent, run } = answering();
    await expect(run(open, { id })).rejects.toThrow('can’t stand in an address');
    expect(sent).toEqual([]);
  });

  it('puts a key into the body where the service wants it there, and writes forms', async () => {
    const pay = desk.call('POST /v1/payments', {
      ...common,
      effect: { class: 'keyed', field: 'idempotency_key' },
      as: 'form',
      input: z.strictObject({ amount: z.int(), tags: z.array(z.string()), metadata: z.record(z.string(), z.string()) }),
      output: ticket,
      sample: { input: { amount: 1, tags: [], metadata: {} }, output: { id: 'p' } },
    });
    const { sent, run } = answering({ body: { id: 'p' } });
    await run(pay, { amount: 5, tags: ['a', 'b'], metadata: { order: '7' } });
    expect(new URLSearchParams(Object(sent[0]?.body)).toString()).toBe(
      'amount=5&tags=a&tags=b&metadata%5Border%5D=7&idempotency_key=key-1',
    );
  });

  it('has to say what keeps a write from working twice', () => {
    const silent = { ...common, input: z.strictObject({}), output: ticket, sample: { input: {}, output: { id: 'p' } } };
    expect(() => desk.call('POST /v1/tickets', silent)).toThrow('twice');
  });

  it.each<[string, Partial<HttpReply>, string, boolean]>([
    ['a code in an answer of 200', { body: { ok: false, error: { code: 'slow' } } }, 'rate-limited', false],
    ['an unknown one', { body: { ok: false, error: { code: 'odd', message: 'No.' } } }, 'rejected', false],
    ['a code beside another status', { status: 400, body: { error: { code: 'who' } } }, 'unauthorized', false],
    ['403', { status: 403 }, 'unauthorized', false],
    ['403 with a time to wait', { status: 403, headers: { 'retry-after': '5' } }, 'rate-limited', false],
    ['403 with nothing left', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }, 'rate-limited', false],
    ['500', { status: 500 }, 'unavailable', true],
    ['a code after which the work may be done', { body: { ok: false, error: { code: 'broke' } } }, 'unavailable', true],
    ['a redirect', { status: 302 }, 'rejected', false],
    ['another shape', { body: { name: 'x' } }, 'bad-reply', false],
  ])('reads %s', async (_, reply, code, uncertain) => {
    const { run } = answering(reply);
    const error = await run(change, { id: 't1', subject: 'S' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({ code, uncertain });
  });

  it('takes a redirect for no answer, though nothing of one is read', async () => {
    const { run } = answering({ status: 302 });
    const remove = desk.call('DELETE /v1/tickets', {
      ...common,
      effect: { class: 'natural' },
      input: z.strictObject({}),
      reply: z.unknown(),
      output: z.object({ found: z.boolean() }),
      read: () => ({ found: true }),
      sample: { input: {}, output: { found: true } },
    });
    await expect(run(remove, {})).rejects.toMatchObject({ code: 'rejected', status: 302 });
  });

  it.each<[string, object]>([
    ['a text', { error: { message: 'No.' }, messages: ['Other'] }],
    ['the first of a list', { messages: ['No.', 'Other'] }],
    ['the first of what is said of fields', { messages: [], fields: { subject: 'No.', notify: 'Other' } }],
  ])('passes on %s', async (_, body) => {
    const { run } = answering({ status: 400, body });
    await expect(run(change, { id: 't1', subject: 'S' })).rejects.toThrow('Desk answered 400: No.');
  });
});

describe('a declared list', () => {
  const listOf = (pages: Pages, items = 'items', more: { emptyMeansNone?: true } = {}) =>
    desk.list('GET /v1/tickets', {
      ...common,
      ...more,
      input: z.strictObject({}),
      pages,
      items,
      item: ticket,
      sample: { input: {}, items: [{ id: 't1' }] },
    });
  const entries = (...ids: string[]) => ids.map((id) => ({ id }));
  const size = { parameter: 'per_page', most: 2 };

  it.each<[string, Pages, Partial<HttpReply>[], string[]]>([
    [
      'a cursor',
      { by: 'cursor', parameter: 'after', next: 'paging.next', size },
      [{ body: { items: entries('1', '2'), paging: { next: 'c2' } } }, { body: { items: entries('3') } }],
      ['?per_page=2', '?per_page=2&after=c2'],
    ],
    [
      'the last entry',
      { by: 'last', parameter: 'starting_after', field: 'id', more: 'has_more' },
      [{ body: { items: entries('1', '2'), has_more: true } }, { body: { items: entries('3'), has_more: false } }],
      ['', '?starting_after=2'],
    ],
    [
      'pages that are counted',
      { by: 'page', parameter: 'page', size },
      [{ body: { items: entries('1', '2') } }, { body: { items: entries('3') } }],
      ['?per_page=2', '?per_page=2&page=2'],
    ],
    [
      'entries that are counted',
      { by: 'offset', parameter: 'start', size },
      [{ body: { items: entries('1', '2') } }, { body: { items: entries('3') } }],
      ['?per_page=2', '?per_page=2&start=2'],
    ],
    [
      'an address in the answer',
      { by: 'url', next: 'next' },
      [{ body: { items: entries('1', '2'), next: '/v1/tickets?p=2' } }, { body: { items: entries('3'), next: null } }],
      ['', '?p=2'],
    ],
  ])('follows %s', async (_, pages, replies, queries) => {
    const { sent, run } = answering(...replies);
    expect(await run(listOf(pages), {})).toEqual({ items: entries('1', '2', '3'), more: false });
    expect(sent.map(({ url }) => new URL(url).search)).toEqual(queries);
  });

  it('follows the Link header of a plain list', async () => {
    const link =
      '<https://desk.example/v1/tickets?page=2>; rel="next", <https://desk.example/v1/tickets?page=9>; rel="last"';
    const { sent, run } = answering({ headers: { link }, body: entries('1') }, { body: entries('2') });
    expect(await run(listOf({ by: 'link' }, ''), {})).toEqual({ items: entries('1', '2'), more: false });
    expect(sent[1]?.url).toBe('https://desk.example/v1/tickets?page=2');
  });

  it('puts what asks for a page where a body has it', async () => {
    const search = desk.list('POST /v1/search', {
      ...common,
      input: z.strictObject({ word: z.string() }),
      body: ({ word }) => ({ query: 'find', variables: { word } }),
      pages: {
        by: 'cursor',
        parameter: 'variables.after',
        next: 'next',
        size: { parameter: 'variables.first', most: 2 },
      },
      items: 'items',
      item: ticket,
      sample: { input: { word: 'a' }, items: [] },
    });
    const { sent, run } = answering(
      { body: { items: entries('1', '2'), next: 'c2' } },
      { body: { items: entries('3') } },
    );
    await run(search, { word: 'a' });
    expect(sent.map(({ body }) => body)).toEqual([
      { query: 'find', variables: { word: 'a', first: 2 } },
      { query: 'find', variables: { word: 'a', first: 2, after: 'c2' } },
    ]);
  });

  it('stops at the limit and says that there is more', async () => {
    const { sent, run } = answering({ body: { items: entries('1', '2'), next: 'c' } });
    const list = listOf({ by: 'cursor', parameter: 'after', next: 'next' });
    expect(await run(list, { limit: 1 })).toEqual({ items: entries('1'), more: true });
    expect(sent).toHaveLength(1);
  });

  it('takes an answer without the list for none only where that is declared', async () => {
    const cursor: Pages = { by: 'cursor', parameter: 'after', next: 'next' };
    const odd = () => answering({ body: { page: [] } });
    await expect(odd().run(listOf(cursor), {})).rejects.toMatchObject({ code: 'bad-reply' });
    const none = { items: [], more: false };
    expect(await odd().run(listOf(cursor, 'items', { emptyMeansNone: true }), {})).toEqual(none);
  });

  it('goes to no other host, whatever the service says', async () => {
    const { sent, run } = answering({ body: { items: entries('1'), next: 'https://evil.example/v1/tickets' } });
    await expect(run(listOf({ by: 'url', next: 'next' }), {})).rejects.toThrow('another host');
    expect(sent).toHaveLength(1);
  });

  it('gives up on a service whose pages never end', async () => {
    const endless = Array.from({ length: 200 }, (_, n) => ({ body: { items: [], next: `c${n}` } }));
    const { sent, run } = answering(...endless);
    const list = listOf({ by: 'cursor', parameter: 'after', next: 'next' });
    expect(await run(list, {})).toEqual({ items: [], more: true });
    expect(sent).toHaveLength(100);
  });
});
