import { generate } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, Client, CodeClock } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';

/** From the one-time link to a second member, and every way past the second factor that we could think of. */
describe('sign-in', () => {
  let product: Product;
  let token: string;
  const clock = new CodeClock();
  const owner: Account & { recoveryCodes: string[] } = {
    email: 'ada@example.com',
    password: 'correct horse battery',
    secret: '',
    recoveryCodes: [],
  };

  beforeAll(async () => {
    product = await startProduct();
    const [, found = ''] = await product.waitFor(/\/setup#token=([\w-]+)/);
    token = found;
  });

  afterAll(async () => {
    await product?.stop();
  });

  it('F19: prints a link that works once, and asks for a good password', async () => {
    const client = new Client(product.url);
    const common = await client.call('POST', '/auth/setup', {
      token,
      email: owner.email,
      name: 'Ada',
      password: 'password123',
    });
    const wrong = await client.call('POST', '/auth/setup', {
      token: `${token.slice(0, -4)}AAAA`,
      email: owner.email,
      password: owner.password,
    });
    expect([common.body.code, wrong.body.code]).toEqual(['auth.weak_password', 'auth.setup_link_invalid']);

    const used = await client.ok('POST', '/auth/setup', {
      token,
      email: owner.email,
      name: 'Ada',
      password: owner.password,
    });
    const again = await new Client(product.url).call('POST', '/auth/setup', {
      token,
      email: 'eve@example.com',
      name: 'Eve',
      password: owner.password,
    });

    expect(used).toEqual({ next: 'enrol' });
    expect(again.body.code).toBe('auth.setup_link_invalid');
    for (const [method, path] of [
      ['GET', '/auth/me'],
      ['GET', '/flows'],
      ['POST', '/flows'],
      ['GET', '/audit'],
    ] as const) {
      const answer = await client.call(method, path, method === 'POST' ? { name: 'x' } : undefined);
      expect([answer.status, answer.body.code], path).toEqual([401, 'auth.second_factor_required']);
    }
  });

  it('opens after a code of the new factor, and shows ten recovery codes once', async () => {
    const client = new Client(product.url);
    expect(await client.ok('POST', '/auth/login', { email: owner.email, password: owner.password })).toEqual({
      next: 'enrol',
    });
    const offer = await client.ok('POST', '/auth/enrol');
    expect(offer.qr).toMatch(/^data:image\/svg\+xml;base64,/);
    expect((await client.call('POST', '/auth/totp', { code: '000000' })).body.code).toBe('auth.wrong_code');
    owner.secret = offer.secret;

    const me = await client.ok('POST', '/auth/totp', { code: await clock.next({ secret: owner.secret }) });

    expect(me).toMatchObject({ email: owner.email, roles: ['owner'], secondFactor: true });
    expect(me.recoveryCodes).toHaveLength(10);
    expect(await client.ok('GET', '/auth/me')).not.toHaveProperty('recoveryCodes');
    const other = new Client(product.url);
    await other.ok('POST', '/auth/login', { email: owner.email, password: owner.password });
    const [first, ...others] = me.recoveryCodes;
    owner.recoveryCodes = others;
    expect((await other.call('POST', '/auth/totp', { code: first })).status).toBe(200);
    expect((await other.call('POST', '/auth/step-up', { code: first })).body.code).toBe('auth.wrong_code');
  });

  it('F12: takes a code once, whoever shows it', async () => {
    const [one, two] = [new Client(product.url), new Client(product.url)];
    for (const client of [one, two])
      await client.ok('POST', '/auth/login', { email: owner.email, password: owner.password });
    const code = await clock.next({ secret: owner.secret });

    const answers = await Promise.all([one, two].map((client) => client.call('POST', '/auth/totp', { code })));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  it('F12: lets nobody replace a factor with the password alone', async () => {
    const client = new Client(product.url);
    expect(await client.ok('POST', '/auth/login', { email: owner.email, password: owner.password })).toEqual({
      next: 'totp',
    });

    const enrol = await client.call('POST', '/auth/enrol');

    expect([enrol.status, enrol.body.code]).toEqual([401, 'auth.second_factor_required']);
  });

  it('answers the same for an unknown e-mail and a wrong password, and slows guessing down', async () => {
    const client = new Client(product.url);
    const unknown = await client.call('POST', '/auth/login', { email: 'nobody@example.com', password: 'x' });
    const wrong = await client.call('POST', '/auth/login', { email: owner.email, password: 'x' });
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });

    for (let tries = 0; tries < 10; tries += 1)
      await client.call('POST', '/auth/login', { email: 'mallory@example.com', password: 'x' });
    const locked = await client.call('POST', '/auth/login', { email: 'mallory@example.com', password: 'x' });

    expect([locked.status, locked.body.code]).toEqual([429, 'auth.locked']);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await client.call('POST', '/auth/login', { email: owner.email, password: owner.password })).status).toBe(
      200,
    );
  });

  it('lists sessions, and ends one at once', async () => {
    const [here, there] = [new Client(product.url), new Client(product.url)];
    for (const client of [here, there]) await client.signIn(owner, clock);
    const { items } = await here.ok('GET', '/auth/sessions');
    expect(items.filter((session: { current: boolean }) => session.current)).toHaveLength(1);

    for (const session of items) if (!session.current) await here.ok('DELETE', `/auth/sessions/${session.id}`);

    expect((await there.call('GET', '/auth/me')).status).toBe(401);
    expect((await here.call('GET', '/auth/me')).status).toBe(200);
  });

  it('invites a privileged member only with a fresh second factor, and nobody may give what he lacks', async () => {
    const client = new Client(product.url);
    await client.signIn(owner, clock);
    const invitation = { email: 'mira@example.com', name: 'Mira', roles: ['approver'] };
    expect((await client.call('POST', '/members', invitation)).body.code).toBe('auth.step_up_required');
    await client.stepUp(owner, clock);

    const { setupUrl, status } = await client.ok('POST', '/members', invitation);

    expect(status).toBe('invited');
    const mira = new Client(product.url);
    const [, invited = ''] = /#token=([\w-]+)/.exec(setupUrl) ?? [];
    await mira.ok('POST', '/auth/setup', { token: invited, password: 'a sentence of miras own' });
    const { secret } = await mira.ok('POST', '/auth/enrol');
    await mira.ok('POST', '/auth/totp', { code: await generate({ secret }) });
    const denied = await mira.call('POST', '/members', { email: 'x@example.com', name: 'X', roles: ['owner'] });
    expect([denied.status, denied.body.code]).toEqual([403, 'access.denied']);

    const { items } = await client.ok('GET', '/members');
    const { id, lastSeenAt } = items.find(({ email }: { email: string }) => email === invitation.email);
    expect(Date.now() - Date.parse(lastSeenAt)).toBeLessThan(60_000);
    await client.ok('PATCH', `/members/${id}`, { disabled: true });
    expect((await mira.call('GET', '/auth/me')).status).toBe(401);
    expect(await client.ok('PATCH', `/members/${id}`, { disabled: false })).toMatchObject({ status: 'active' });
    // Switched on again, she signs in anew: the old session stays ended.
    expect((await mira.call('GET', '/auth/me')).status).toBe(401);
  });

  it('F16: keeps no password, code, seed or session id where the log or an answer could show it', async () => {
    const client = new Client(product.url);
    await client.signIn(owner, clock);

    const log = (await client.call('GET', '/audit/export')).body;

    for (const secret of [owner.password, owner.secret, token, 'a sentence of miras own'])
      expect(log).not.toContain(secret);
    expect(product.output()).not.toContain(owner.secret);
  });
});
