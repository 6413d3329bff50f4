import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OAuthHouse, openOAuthHouse } from '../../../test/oauth-house.js';

const secret = 'canary-app+secret/2';
const session = 'the id of a session';

describe('an authorization by a person', () => {
  let oauth: OAuthHouse;

  beforeAll(async () => {
    oauth = await openOAuthHouse();
  });
  afterAll(() => oauth.close());
  beforeEach(() => {
    oauth.server.twist = () => false;
    oauth.server.consent = { only: null, isDenied: false };
    oauth.server.tokenRequests.length = 0;
    oauth.received.length = 0;
  });

  async function anApp({ scopes = ['orders.read', 'orders.write'] } = {}) {
    const { id } = await oauth.connections.create(oauth.ada, {
      connector: 'http',
      environment: 'dev',
      name: 'Orders',
      auth: {
        kind: 'oauth2',
        grant: 'authorizationCode',
        clientId: 'app',
        clientSecret: secret,
        scopes,
        server: { issuer: oauth.server.issuer },
      },
      config: { allowedHosts: [oauth.service.host] },
    });
    return id;
  }
  const begin = async (id: string) => (await oauth.authorizations.begin(oauth.ada, id, session)).url;
  const finish = (query: string, by = session) => oauth.authorizations.finish(oauth.ada, query, by);
  async function authorized(options: { scopes?: string[] } = {}) {
    const id = await anApp(options);
    await finish(await oauth.server.visit(await begin(id)));
    return id;
  }
  const stateOf = async (id: string) => (await oauth.connections.find(oauth.ada.workspace, id)).oauth;
  const failed = (message: string) => ({
    code: 'connection.authorization_failed',
    message: expect.stringContaining(message),
  });
  const told = async (id: string) => {
    const { rows } = await oauth.house.owner.query(
      `select kind, audience from notice_cause where about ->> 'id' = $1 and kind <> 'connection.due' order by id`,
      [id],
    );
    return rows;
  };
  const actions = async (id: string) => (await oauth.entries(id)).map(({ action }) => action);

  it('sends the browser off with PKCE, the exact redirect and a state, and uses what it comes back with', async () => {
    const id = await anApp();
    expect(await oauth.call(id)).toContain('broker.oauth_not_authorized');
    expect(await stateOf(id)).toMatchObject({ status: 'not-authorized', granted: null });
    const url = new URL(await begin(id));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: 'https://sluice.example/oauth/callback',
      scope: 'orders.read orders.write',
      state: expect.stringMatching(/^con_\w+\.[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    const query = await oauth.server.visit(url.href);
    expect(await finish(query)).toEqual({ connection: id, granted: ['orders.read', 'orders.write'], missing: [] });
    expect(await oauth.call(id)).toBe('sent 200');
    expect(oauth.received[0]?.authorization).toMatch(/^Bearer \S{20,}$/);
    expect(await stateOf(id)).toMatchObject({ status: 'authorized', granted: ['orders.read', 'orders.write'] });
    const last = (await oauth.entries(id)).at(-1);
    expect(last).toMatchObject({ action: 'connection.authorized', actor: 'ada' });
  });

  it('takes a state once', async () => {
    const id = await anApp();
    const query = await oauth.server.visit(await begin(id));
    await finish(query);
    await expect(finish(query)).rejects.toMatchObject(failed('finished already'));
    expect(oauth.server.tokenRequests).toHaveLength(1);
  });

  it('is begun and finished by who may manage connections in its environment, and nobody else', async () => {
    const id = await anApp();
    const elsewhere = { ...oauth.ada, roles: ['viewer' as const], environmentRoles: { staging: ['admin' as const] } };
    const denied = { code: 'access.denied' };
    await expect(oauth.authorizations.begin(elsewhere, id, session)).rejects.toMatchObject(denied);
    const query = await oauth.server.visit(await begin(id));
    await expect(oauth.authorizations.finish(elsewhere, query, session)).rejects.toMatchObject(denied);
    expect(oauth.server.tokenRequests).toEqual([]);
    const here = { ...elsewhere, environmentRoles: { dev: ['admin' as const] } };
    expect(await oauth.authorizations.finish(here, query, session)).toMatchObject({ connection: id });
  });

  it('takes a state in the session that began with it alone, and burns it when another shows it', async () => {
    const id = await anApp();
    const query = await oauth.server.visit(await begin(id));
    await expect(finish(query, 'another session')).rejects.toMatchObject(failed('not begun in this session'));
    await expect(finish(query)).rejects.toMatchObject(failed('not begun in this session'));
    expect(oauth.server.tokenRequests).toEqual([]);
  });

  it('takes a state from the member who began with it alone, and of no other workspace', async () => {
    const { stranger } = await oauth.house.aWorkspace({ stranger: ['admin'] });
    const id = await anApp();
    const query = await oauth.server.visit(await begin(id));
    await expect(oauth.authorizations.finish(stranger, query, session)).rejects.toMatchObject(failed('no connection'));
    const other = { ...oauth.ada, member: stranger.member };
    await expect(oauth.authorizations.finish(other, query, session)).rejects.toMatchObject(failed('not begun'));
    await expect(oauth.authorizations.begin(stranger, id, session)).rejects.toMatchObject({
      code: 'connection.unknown',
    });
  });

  it.each([
    ['made up', (query: URLSearchParams) => query.set('state', `${query.get('state')}x`)],
    ['missing', (query: URLSearchParams) => query.delete('state')],
    ['given twice', (query: URLSearchParams) => query.append('state', 'other')],
  ])('refuses a state that is %s', async (_what, change) => {
    const id = await anApp();
    const query = new URLSearchParams(await oauth.server.visit(await begin(id)));
    change(query);
    await expect(finish(query.toString())).rejects.toMatchObject({ code: 'connection.authorization_failed' });
    expect(oauth.server.tokenRequests).toEqual([]);
  });

  it.each([
    ['names another issuer', (query: URLSearchParams) => query.set('iss', 'https://evil.test')],
    ['leaves its issuer out though it promised it', (query: URLSearchParams) => query.delete('iss')],
  ])('refuses an answer that %s (mix-up, RFC 9207)', async (_what, change) => {
    const id = await anApp();
    const query = new URLSearchParams(await oauth.server.visit(await begin(id)));
    expect(query.get('iss')).toBe(oauth.server.issuer);
    change(query);
    await expect(finish(query.toString())).rejects.toMatchObject({ code: 'connection.authorization_failed' });
    expect(oauth.server.tokenRequests).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ status: 'not-authorized' });
  });

  it('refuses a server that does not support PKCE with S256, before anybody is sent there', async () => {
    const id = await anApp();
    oauth.server.twist = (request, response) => {
      if (request.url?.startsWith('/.well-known/') !== true) return false;
      const body = {
        issuer: oauth.server.issuer,
        token_endpoint: `${oauth.server.issuer}/token`,
        authorization_endpoint: `${oauth.server.issuer}/auth`,
        code_challenge_methods_supported: ['plain'],
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    };
    await expect(begin(id)).rejects.toMatchObject(failed('PKCE with S256'));
  });

  it('keeps what was granted of the approved scopes, and says what is missing', async () => {
    const id = await anApp();
    oauth.server.consent.only = ['orders.read'];
    const result = await finish(await oauth.server.visit(await begin(id)));
    expect(result).toMatchObject({ granted: ['orders.read'], missing: ['orders.write'] });
    expect(await stateOf(id)).toMatchObject({
      status: 'authorized',
      approved: ['orders.read', 'orders.write'],
      granted: ['orders.read'],
    });
    const entry = (await oauth.entries(id)).find(({ action }) => action === 'connection.scopes_narrower');
    expect(entry).toMatchObject({ actor: 'ada', detail: { missing: ['orders.write'] } });
    // The same scopes again at a renewal are no news.
    oauth.house.clock.ahead += 59.5 * 60_000;
    expect(await oauth.call(id)).toBe('sent 200');
    await expect.poll(() => actions(id)).toContain('connection.token_renewed');
    expect((await actions(id)).filter((action) => action === 'connection.scopes_narrower')).toHaveLength(1);
  });

  const wider = (oauthHouse: OAuthHouse) => {
    oauthHouse.server.twist = (request, response) => {
      if (request.url !== '/token') return false;
      const body = {
        access_token: 'canary-wide',
        refresh_token: 'canary-wide-refresh',
        token_type: 'bearer',
        expires_in: 3600,
        scope: 'orders.read orders.write orders.delete',
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    };
  };

  it('refuses more than was approved, and uses nothing of it', async () => {
    const id = await anApp();
    const query = await oauth.server.visit(await begin(id));
    wider(oauth);
    await expect(finish(query)).rejects.toMatchObject(failed('orders.delete'));
    expect(await oauth.call(id)).toContain('broker.oauth_authorize_again');
    expect(oauth.received).toEqual([]);
    expect(await told(id)).toMatchObject([{ kind: 'connection.scopes', audience: { members: [oauth.ada.member] } }]);
    const entry = (await oauth.entries(id)).find(({ action }) => action === 'connection.scopes_wider');
    expect(entry).toMatchObject({ actor: 'ada', detail: { extra: ['orders.delete'] } });
  });

  it('refuses more than was approved at a renewal too, and the connection stands still until a person looks', async () => {
    const id = await authorized();
    oauth.house.clock.ahead += 59.5 * 60_000;
    wider(oauth);
    expect(await oauth.call(id)).toContain('broker.oauth_wider');
    oauth.server.twist = () => false;
    expect(await oauth.call(id)).toContain('broker.oauth_authorize_again');
    expect(oauth.received).toEqual([]);
    // Authorized again, it works again.
    await finish(await oauth.server.visit(await begin(id)));
    await expect.poll(() => oauth.call(id)).toBe('sent 200');
  });

  it('renews with a refresh token that changes each time, once for all processes', async () => {
    const id = await authorized();
    const other = await oauth.anotherBroker();
    for (let round = 1; round <= 3; round += 1) {
      oauth.house.clock.ahead += 59.5 * 60_000;
      const calls = [oauth.call(id), oauth.call(id, other), oauth.call(id), oauth.call(id, other)];
      expect(new Set(await Promise.all(calls))).toEqual(new Set(['sent 200']));
    }
    const used = oauth.server.tokenRequests.flatMap((one) => one.get('refresh_token') ?? []);
    expect(used).toHaveLength(3);
    expect(new Set(used).size).toBe(3);
  });

  it('asks for a person when a refresh token was used before by somebody else (reuse)', async () => {
    const id = await authorized();
    const { rows } = await oauth.house.owner.query('select * from oauth_token where connection_id = $1', [id]);
    oauth.house.clock.ahead += 59.5 * 60_000;
    expect(await oauth.call(id)).toBe('sent 200');
    // As a restored backup, or a thief, would have it.
    await oauth.house.owner.query(
      'update oauth_token set sealed = $2, expires_at = $3, obtained_at = $4 where connection_id = $1',
      [id, rows[0].sealed, rows[0].expires_at, rows[0].obtained_at],
    );
    oauth.house.clock.ahead += 61 * 60_000;
    expect(await oauth.call(id)).toContain('invalid_grant');
    expect(await oauth.call(id)).toContain('broker.oauth_authorize_again');
    expect(await stateOf(id)).toMatchObject({ status: 'authorize-again' });
    await expect.poll(() => actions(id)).toContain('connection.authorization_lost');
    expect(await told(id)).toMatchObject([{ kind: 'connection.lost', audience: { members: [oauth.ada.member] } }]);
  });

  it('says so when the person refuses', async () => {
    const id = await anApp();
    const url = await begin(id);
    oauth.server.consent.isDenied = true;
    await expect(finish(await oauth.server.visit(url))).rejects.toMatchObject(failed('access_denied'));
  });

  it('takes the tokens back at the service when the connection is revoked here (RFC 7009)', async () => {
    const id = await authorized();
    await oauth.call(id);
    const before = oauth.server.revoked.length;
    await oauth.secrets.revoke(oauth.ada, id, 'Seen in a log');
    expect(oauth.server.revoked.length).toBeGreaterThan(before);
    expect(await oauth.call(id)).toContain('broker.revoked');
    const { rows } = await oauth.house.owner.query(
      'select (select count(*) from oauth_token where connection_id = $1)::int + (select count(*) from connection_secret where connection_id = $1)::int as n',
      [id],
    );
    expect(rows[0].n).toBe(0);
    expect((await oauth.entries(id)).at(-1)).toMatchObject({
      action: 'connection.taken_back',
      detail: { isRevoked: true },
    });
  });

  it('is revoked here all the same when the service does not answer', async () => {
    const id = await authorized();
    oauth.server.twist = (request, response) => {
      if (request.url !== '/token/revocation') return false;
      response.writeHead(500, { 'content-type': 'text/html' }).end('<html>');
      return true;
    };
    await oauth.secrets.revoke(oauth.ada, id, 'Seen in a log');
    expect(await oauth.call(id)).toContain('broker.revoked');
    expect((await oauth.entries(id)).at(-1)).toMatchObject({
      action: 'connection.taken_back',
      detail: { isRevoked: false },
    });
  });

  it('leaves no secret, token, code or verifier in the database in the clear, in the log or in an answer', async () => {
    const id = await authorized();
    await oauth.call(id);
    const token = oauth.received.at(-1)?.authorization?.slice(7) ?? '';
    oauth.house.clock.ahead += 59.5 * 60_000;
    await oauth.call(id);
    const url = await begin(id);
    const [exchange, renewal] = oauth.server.tokenRequests;
    const marks = [
      secret,
      token,
      oauth.received.at(-1)?.authorization?.slice(7) ?? '',
      exchange?.get('code') ?? '',
      exchange?.get('code_verifier') ?? '',
      renewal?.get('refresh_token') ?? '',
    ];
    expect(marks.every((mark) => mark.length > 15)).toBe(true);
    const { rows } = await oauth.house.owner.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'sluice' and table_type = 'BASE TABLE'`,
    );
    const texts = [url, JSON.stringify(await oauth.connections.get(oauth.ada.workspace, id))];
    for (const { name } of rows) {
      const all = await oauth.house.owner.query(`select coalesce(string_agg(t::text, ' '), '') as text from ${name} t`);
      texts.push(all.rows[0].text);
    }
    const forms = marks.flatMap((mark) => [
      mark,
      encodeURIComponent(mark),
      Buffer.from(mark).toString('base64').replaceAll('=', ''),
      Buffer.from(mark).toString('base64url'),
      Buffer.from(mark).toString('hex'),
    ]);
    for (const text of texts) for (const form of forms) expect(text.includes(form)).toBe(false);
  });
});
