import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type Configuration } from 'oidc-provider';

const scopes = ['orders.read', 'orders.write', 'orders.delete'];

/** Answers instead of the server, or changes what it says; false: leaves it to the server. */
export type Twist = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface AuthorizationServer {
  issuer: string;
  host: string;
  /** Bodies of token requests, as they came in. */
  tokenRequests: URLSearchParams[];
  /** Tokens that were revoked. */
  revoked: string[];
  /** What a person ticks at the next authorization; null: everything. */
  consent: { only: string[] | null; isDenied: boolean };
  twist: Twist;
  /** Does what a browser and a person in it would, and answers the query that the browser is sent back with. */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

/** A real authorization server (oidc-provider) that a test may make hostile. */
export async function startAuthorizationServer(redirectUri: string): Promise<AuthorizationServer> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const host = `127.0.0.1:${address.port}`;
  const issuer = `http://${host}`;
  const provider = new Provider(issuer, configuration(redirectUri));
  const house: AuthorizationServer = {
    issuer,
    host,
    tokenRequests: [],
    revoked: [],
    consent: { only: null, isDenied: false },
    twist: () => false,
    visit: (url) => visit(url, issuer, redirectUri),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const callback = provider.callback();
  provider.on('grant.success', (context) => note(house, context.oidc.params));
  provider.on('grant.error', (context) => note(house, context.oidc.params));
  provider.on('access_token.destroyed', ({ jti }) => house.revoked.push(jti));
  provider.on('refresh_token.destroyed', ({ jti }) => house.revoked.push(jti));
  answer = (request, response) => {
    if (house.twist(request, response)) return;
    if (request.url?.startsWith('/interaction/') === true) void interact(provider, house, request, response);
    else void callback(request, response);
  };
  return house;
}

function note(house: AuthorizationServer, params: Record<string, unknown> | undefined): void {
  const texts = Object.entries(params ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  house.tokenRequests.push(new URLSearchParams(texts));
}

function configuration(redirectUri: string): Configuration {
  return {
    clients: [
      {
        client_id: 'robot',
        client_secret: 'canary-robot+secret/1',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        scope: scopes.join(' '),
      },
      {
        client_id: 'app',
        client_secret: 'canary-app+secret/2',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
      },
    ],
    scopes: ['openid', 'offline_access', ...scopes],
    features: {
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      devInteractions: { enabled: false },
    },
    pkce: { required: () => true },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 600,
      RefreshToken: 86_400,
      Interaction: 600,
      Grant: 86_400,
      Session: 3600,
    },
    cookies: { keys: ['a key of a test'] },
  };
}

/** Signs in and consents, as far as `consent` says. */
async function interact(
  provider: Provider,
  { consent }: AuthorizationServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  if (consent.isDenied) {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  if (details.prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
    return;
  }
  const { clientId, params, session } = {
    clientId: String(details.params['client_id']),
    params: typeof details.params['scope'] === 'string' ? details.params['scope'].split(' ') : [],
    session: details.session?.accountId ?? '',
  };
  const grant = new provider.Grant({ accountId: session, clientId });
  for (const scope of params) {
    if (consent.only === null || consent.only.includes(scope)) grant.addOIDCScope(scope);
    else grant.rejectOIDCScope(scope);
  }
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

async function visit(url: string, issuer: string, redirectUri: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  for (let hops = 0; hops < 20; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} ${(await response.text()).slice(0, 300)}`);
    next = new URL(location, issuer).href;
    if (next.startsWith(redirectUri)) return new URL(next).search.slice(1);
  }
  throw new Error('sent around in circles');
}
