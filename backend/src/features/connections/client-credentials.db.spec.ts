import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OAuthHouse, openOAuthHouse } from '../../../test/oauth-house.js';

const secret = 'canary-robot+secret/1';

describe('a client that acts for itself', () => {
  let oauth: OAuthHouse;

  beforeAll(async () => {
    oauth = await openOAuthHouse();
  });
  afterAll(() => oauth.close());
  beforeEach(() => {
    oauth.server.twist = () => false;
    oauth.server.tokenRequests.length = 0;
    oauth.received.length = 0;
    oauth.service.status = 200;
  });

  async function aRobot({ scopes = ['orders.read', 'orders.write'], clientSecret = secret, server = {} } = {}) {
    const { id } = await oauth.connections.create(oauth.ada, {
      connector: 'http',
      environment: 'dev',
      name: 'Orders',
      auth: {
        kind: 'oauth2',
        grant: 'clientCredentials',
        clientId: 'robot',
        clientSecret,
        scopes,
        server: { issuer: oauth.server.issuer, ...server },
      },
      config: { allowedHosts: [oauth.service.host] },
    });
    return id;
  }

  it('gets a token at the first call, uses it, and gets another shortly before it ends', async () => {
    const id = await aRobot();
    expect(await oauth.call(id)).toBe('sent 200');
    expect(await oauth.call(id)).toBe('sent 200');
    expect(oauth.server.tokenRequests.map((one) => one.get('grant_type'))).toEqual(['client_credentials']);
    expect(oauth.received[0]?.authorization).toMatch(/^Bearer \S{20,}$/);
    expect(oauth.received[1]?.authorization).toBe(oauth.received[0]?.authorization);
    // A token of ten minutes is renewed a minute before its end.
    oauth.house.clock.ahead += 8.9 * 60_000;
    await oauth.call(id);
    expect(oauth.server.tokenRequests).toHaveLength(1);
    oauth.house.clock.ahead += 0.2 * 60_000;
    await oauth.call(id);
    expect(oauth.server.tokenRequests).toHaveLength(2);
    expect(oauth.received[3]?.authorization).not.toBe(oauth.received[0]?.authorization);
    await expect
      .poll(async () => (await oauth.entries(id)).map(({ action }) => action))
      .toEqual(['connection.created', 'connection.token_renewed', 'connection.token_renewed']);
  });

  it('asks once, however many calls of however many processes need a token', async () => {
    const id = await aRobot();
    const others = [await oauth.anotherBroker(), await oauth.anotherBroker()];
    const calls = [undefined, ...others].flatMap((broker) => [1, 2, 3, 4].map(() => oauth.call(id, broker)));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['sent 200']));
    expect(oauth.server.tokenRequests).toHaveLength(1);
    oauth.house.clock.ahead += 9.5 * 60_000;
    await Promise.all([undefined, ...others].flatMap((broker) => [1, 2].map(() => oauth.call(id, broker))));
    expect(oauth.server.tokenRequests).toHaveLength(2);
  });

  it('gets another token once the service takes it for no proof', async () => {
    const id = await aRobot();
    await oauth.call(id);
    oauth.house.clock.ahead += 60_000;
    oauth.service.status = 401;
    expect(await oauth.call(id)).toBe('sent 401');
    oauth.service.status = 200;
    await oauth.call(id);
    expect(oauth.server.tokenRequests).toHaveLength(2);
    // One that is new and refused is not the token's fault.
    oauth.service.status = 401;
    await oauth.call(id);
    await oauth.call(id);
    expect(oauth.server.tokenRequests).toHaveLength(2);
  });

  it('says so when the server does not know it, asks no more for a while, and takes another secret', async () => {
    const id = await aRobot({ clientSecret: 'canary-wrong' });
    expect(await oauth.call(id)).toContain('refused the authorization with invalid_client');
    expect(await oauth.call(id)).toContain('invalid_client');
    expect(oauth.server.tokenRequests).toHaveLength(1);
    expect(oauth.received).toEqual([]);
    expect(await oauth.connections.find(oauth.ada.workspace, id)).toMatchObject({
      oauth: { status: 'authorize-again', failure: expect.stringContaining('enter them again') },
    });
    await oauth.secrets.rotate(oauth.ada, id, {
      auth: {
        kind: 'oauth2',
        grant: 'clientCredentials',
        clientId: 'robot',
        clientSecret: secret,
        scopes: ['orders.read'],
        server: { issuer: oauth.server.issuer },
      },
      keepHours: 1,
    });
    await expect.poll(() => oauth.call(id)).toBe('sent 200');
    expect((await oauth.entries(id)).find(({ action }) => action === 'connection.rotated')?.detail).toMatchObject({
      scopes: { before: ['orders.read', 'orders.write'], after: ['orders.read'] },
    });
  });

  it('takes no wider scopes with a rotation, and keeps the secret that it has', async () => {
    const id = await aRobot({ scopes: ['orders.read'] });
    const auth = {
      kind: 'oauth2' as const,
      grant: 'clientCredentials' as const,
      clientId: 'robot',
      clientSecret: secret,
      scopes: ['orders.read', 'orders.write'],
      server: { issuer: oauth.server.issuer },
    };
    await expect(oauth.secrets.rotate(oauth.ada, id, { auth, keepHours: 1 })).rejects.toMatchObject({
      code: 'connection.not_a_rotation',
      issues: [{ path: 'auth.scopes', message: expect.stringContaining('orders.write') }],
    });
    expect(await oauth.connections.find(oauth.ada.workspace, id)).toMatchObject({ version: 1 });
  });

  it('F7: takes no token that can do more than was approved', async () => {
    const id = await aRobot({ scopes: ['orders.read'] });
    oauth.server.twist = (request, response) => {
      if (request.url !== '/token') return false;
      const body = { access_token: 'canary-wide', token_type: 'bearer', scope: 'orders.read orders.delete' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    };
    expect(await oauth.call(id)).toContain('broker.oauth_wider');
    expect(oauth.received).toEqual([]);
    await expect
      .poll(async () => (await oauth.entries(id)).find(({ action }) => action === 'connection.scopes_wider')?.detail)
      .toMatchObject({
        approved: ['orders.read'],
        granted: ['orders.read', 'orders.delete'],
        extra: ['orders.delete'],
      });
  });

  it('F16: says nothing of what a server writes among the scopes that it was told in confidence', async () => {
    const id = await aRobot({ scopes: ['orders.read'] });
    oauth.server.twist = (request, response) => {
      if (request.url !== '/token') return false;
      const basic = request.headers.authorization?.slice(6) ?? '';
      const decoded = Buffer.from(basic, 'base64').toString('utf8');
      const scope = `orders.all ${basic} ${decoded} ${decodeURIComponent(decoded)} canary-wide`;
      const body = { access_token: 'canary-wide', token_type: 'bearer', scope };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    };
    const said = [await oauth.call(id), JSON.stringify(await oauth.connections.find(oauth.ada.workspace, id))];
    await expect.poll(async () => (await oauth.entries(id)).length).toBe(2);
    said.push(JSON.stringify(await oauth.entries(id)));
    for (const text of said.slice(1)) {
      expect(text).toContain('orders.all');
      expect(text).toContain('[removed]');
    }
    for (const form of [
      'canary',
      'secret/1',
      'secret%2F1',
      Buffer.from('robot:canary').toString('base64').slice(0, 12),
    ])
      expect(said.join(' ')).not.toContain(form);
  });

  it.each([
    ['a redirect', 'a status that no authorization server answers with', 302, { location: 'http://127.0.0.1:1/' }, ''],
    ['a page for people', 'a status that no', 500, { 'content-type': 'text/html' }, '<html>canary-page</html>'],
    ['a page that says it is well', 'no JSON', 200, { 'content-type': 'text/html' }, '<html>canary-page</html>'],
    ['broken JSON', 'JSON that is broken', 200, { 'content-type': 'application/json' }, '{"access_token":'],
    ['no token', 'not allow', 200, { 'content-type': 'application/json' }, '{"token_type":"bearer"}'],
    ['too much', 'more than', 200, { 'content-type': 'application/json' }, JSON.stringify({ a: 'x'.repeat(400_000) })],
    [
      'an error of its own',
      'an error of its own',
      400,
      { 'content-type': 'application/json' },
      '{"error":"canary <b>"}',
    ],
  ])(
    'refuses a token endpoint that answers with %s, follows nothing and repeats nothing',
    async (_what, said, status, headers, body) => {
      const id = await aRobot();
      const asked: string[] = [];
      oauth.server.twist = (request, response) => {
        asked.push(request.url ?? '');
        if (request.url !== '/token') return false;
        response.writeHead(status, headers).end(body);
        return true;
      };
      const answer = await oauth.call(id);
      expect(answer).toContain(said);
      expect(answer).not.toContain('canary');
      expect(oauth.received).toEqual([]);
      expect(asked.filter((path) => path === '/token')).toHaveLength(1);
      oauth.server.twist = () => false;
      oauth.house.clock.ahead += 31_000;
      expect(await oauth.call(id)).toBe('sent 200');
    },
  );

  it('ends with the call when the token endpoint says nothing', async () => {
    const id = await aRobot();
    oauth.server.twist = (request) => request.url === '/token';
    expect(await oauth.call(id)).toContain('egress.timeout');
    oauth.server.twist = () => false;
    expect(await oauth.call(id)).toBe('sent 200');
  }, 30_000);

  it('goes on with the token it has while the server is away', async () => {
    const id = await aRobot();
    await oauth.call(id);
    oauth.house.clock.ahead += 9.5 * 60_000;
    oauth.server.twist = (request, response) => {
      if (request.url !== '/token') return false;
      response.writeHead(503).end();
      return true;
    };
    expect(await oauth.call(id)).toBe('sent 200');
    oauth.house.clock.ahead += 60_000;
    expect(await oauth.call(id)).toContain('broker.oauth_bad_answer');
  });

  it('refuses an issuer whose metadata names another (RFC 8414, 3.3)', async () => {
    const id = await aRobot();
    oauth.server.twist = (request, response) => {
      if (request.url?.startsWith('/.well-known/') !== true) return false;
      const body = { issuer: 'https://evil.test', token_endpoint: `${oauth.server.issuer}/token` };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    };
    expect(await oauth.call(id)).toContain('another issuer');
    expect(oauth.server.tokenRequests).toEqual([]);
  });

  it('F8: sends no secret to an endpoint on a private host that nobody listed', async () => {
    const id = await aRobot();
    let sent = 0;
    oauth.server.twist = (request, response) => {
      if (request.url === '/token') sent += 1;
      if (request.url?.startsWith('/.well-known/') !== true) return false;
      const body = { issuer: oauth.server.issuer, token_endpoint: 'http://127.0.0.1:9/token' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    };
    expect(await oauth.call(id)).toMatch(/^egress\.(private_address|unreachable)/);
    expect(sent).toBe(0);
  });

  it('is tested by asking for a token, where the connector has no test of its own', async () => {
    const id = await aRobot();
    expect(await oauth.connections.test(oauth.ada, id)).toEqual({
      ok: true,
      message: 'The authorization server gives tokens, for orders.read orders.write.',
    });
    await expect(oauth.authorizations.begin(oauth.ada, id, 'session')).rejects.toMatchObject({
      code: 'connection.authorization_failed',
      message: expect.stringContaining('by itself'),
    });
  });
});
