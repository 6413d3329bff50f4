import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, type Answer, Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';

/** What one request can't do, many at the same moment must not do either. */
describe('many requests at once', () => {
  let product: Product;
  let client: Client;
  const clock = new CodeClock();

  beforeAll(async () => {
    product = await startProduct({ env: ownerVariables });
    client = new Client(product.url);
    await client.signIn(owner, clock);
    await client.stepUp(owner, clock);
  });

  afterAll(async () => {
    await product?.stop();
  });

  async function join(email: string, roles: string[]): Promise<{ member: Client; id: string; account: Account }> {
    const { id, setupUrl } = await client.ok('POST', '/members', { email, name: email, roles });
    const member = new Client(product.url);
    const [, token = ''] = /#token=([\w-]+)/.exec(setupUrl) ?? [];
    const password = 'a sentence of their own';
    await member.ok('POST', '/auth/setup', { token, password });
    const { secret } = await member.ok('POST', '/auth/enrol');
    const account = { email, password, secret };
    const { recoveryCodes } = await member.ok('POST', '/auth/totp', { code: await clock.next(account) });
    return { member, id, account: { ...account, recoveryCodes } };
  }

  it('try five codes of a member and no more, and leave the server answering', async () => {
    const { member } = await join('guesser@example.com', ['builder']);

    const answers = await atOnce(30, () => member.call('POST', '/auth/step-up', { code: '000000' }));

    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(25);
    expect((await client.call('GET', '/flows')).status).toBe(200);
  });

  it('try ten passwords of an address and no more', async () => {
    const answers = await atOnce(40, () =>
      new Client(product.url).call('POST', '/auth/login', { email: 'nobody@example.com', password: 'x' }),
    );

    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === 'auth.locked')).toHaveLength(30);
  });

  it('make one member of one e-mail, and one environment of one name', async () => {
    const invitations = await atOnce(6, () =>
      client.call('POST', '/members', { email: 'twin@example.com', name: 'Twin', roles: ['builder'] }),
    );
    const environments = await atOnce(6, () =>
      client.call('POST', '/environments', { name: 'qa', policy: { approval: false, production: false } }),
    );

    expect(codes(invitations)).toEqual([201, ...Array(5).fill('member.email_taken')]);
    expect(codes(environments)).toEqual([201, ...Array(5).fill('environment.exists')]);
    const { items } = await client.ok('GET', '/environments');
    expect(items.map(({ position }: { position: number }) => position)).toEqual([0, 1, 2, 3]);
    const [dev] = items;
    const changed = await atOnce(20, () => client.call('PATCH', `/environments/${dev.id}`, { policy: dev.policy }));
    expect(changed.every(({ status }) => status === 200)).toBe(true);
  });

  it('make one flow of one Idempotency-Key, and give its answer to every repeat and to nobody else', async () => {
    const { account, member } = await join('writer@example.com', ['builder']);
    const write = await openWriter(product.url, account, clock);

    const answers = await Promise.all(Array.from({ length: 8 }, () => write('once', { name: 'Once' })));
    const repeat = await write('once', { name: 'Once' });
    const other = await write('once', { name: 'Another' });
    const refused = await write('later', { nome: 'Once' });
    const mended = await write('later', { name: 'Once more' });

    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.every(({ status, body }) => status === 201 || body.code === 'request.in_progress')).toBe(true);
    expect(repeat.body).toEqual(made[0]?.body);
    expect([other.body.code, refused.status, mended.status]).toEqual(['request.key_reused', 400, 201]);
    expect((await member.ok('GET', '/flows?q=Once')).items).toHaveLength(2);
  });

  it('leave the workspace an owner when two take the role from each other', async () => {
    const other = await join('second@example.com', ['owner']);
    await other.member.stepUp(other.account, clock);
    const me = await client.ok('GET', '/auth/me');

    const answers = await Promise.all([
      client.call('PATCH', `/members/${other.id}`, { roles: ['builder'] }),
      other.member.call('PATCH', `/members/${me.id}`, { roles: ['builder'] }),
    ]);

    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(1);
    expect(['member.last_owner', 'access.denied']).toContain(refused[0]?.body.code);
    const { items } = await other.member.ok('GET', '/members');
    expect(items.filter(({ roles }: { roles: string[] }) => roles.includes('owner'))).toHaveLength(1);
  });
});

/** A member who sends each write with a key. */
async function openWriter(url: string, { email, password, ...factor }: Account, clock: CodeClock) {
  let cookie = '';
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => {
    const reply = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { origin: url, cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return { status: reply.status, body: await reply.json(), headers: reply.headers };
  };
  await post('/auth/login', { email, password });
  await post('/auth/totp', { code: await clock.next(factor) });
  return (key: string, body: object) => post('/flows', body, { 'idempotency-key': key });
}

async function atOnce(count: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  return await Promise.all(Array.from({ length: count }, ask));
}

/** Statuses of successes and codes of refusals, successes first. */
function codes(answers: readonly Answer[]): (number | string)[] {
  return answers
    .map(({ status, body }) => (status < 300 ? status : body.code))
    .toSorted((one, two) => String(one).localeCompare(String(two)));
}
