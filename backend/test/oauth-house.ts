import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Broker } from '../src/broker/call.js';
import type { Actor } from '../src/platform/actor.js';
import { AuthorizationsService } from '../src/features/connections/authorizations.service.js';
import { ConnectionNews } from '../src/features/connections/connection-news.js';
import { ConnectionSecretsService } from '../src/features/connections/connection-secrets.service.js';
import { ConnectionsService } from '../src/features/connections/connections.service.js';
import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.js';
import { type OpenFeatures, openFeatures } from './open-features.js';
import { openRealBroker } from './real-broker.js';

const redirectUri = 'https://sluice.example/oauth/callback';

/** Connections with the real broker, a real authorization server and a service that takes tokens. */
export interface OAuthHouse {
  house: OpenFeatures;
  server: AuthorizationServer;
  connections: ConnectionsService;
  secrets: ConnectionSecretsService;
  authorizations: AuthorizationsService;
  ada: Actor;
  /** What the service was sent; it answers 200, or what `refuse` says. */
  received: IncomingHttpHeaders[];
  service: { host: string; status: number };
  /** Calls the service through the broker, as a connection's own test does. */
  call(connection: string, broker?: Broker): Promise<string>;
  /** Another broker on the same database. */
  anotherBroker(): Promise<Broker>;
  entries(connection: string): Promise<{ action: string; actor: string; detail: Record<string, unknown> }[]>;
  close(): Promise<void>;
}

export async function openOAuthHouse(): Promise<OAuthHouse> {
  const server = await startAuthorizationServer(redirectUri);
  const received: IncomingHttpHeaders[] = [];
  const service = { host: '', status: 200 };
  const http = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(service.status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  service.host = `127.0.0.1:${address.port}`;
  const allowed = [server.host, service.host];
  const closers: (() => Promise<void>)[] = [];
  const brokers: Broker[] = [];
  let open = async (): Promise<Broker> => Promise.reject(new Error('no house yet'));
  const house = await openFeatures({
    async openBroker(parts) {
      open = async () => {
        const opened = await openRealBroker(parts, allowed);
        closers.push(opened.close);
        return opened.broker;
      };
      const broker = await open();
      brokers.push(broker);
      return { broker, close: async () => undefined };
    },
  });
  const { ada } = await house.aWorkspace({ ada: ['admin'] });
  return {
    house,
    server,
    connections: house.get(ConnectionsService),
    secrets: house.get(ConnectionSecretsService),
    authorizations: house.get(AuthorizationsService),
    ada,
    received,
    service,
    async call(connection, broker = brokers[0]) {
      if (broker === undefined) throw new Error('no broker');
      const capability = broker.mint({
        workspace: ada.workspace,
        environment: 'dev',
        flow: null,
        version: null,
        run: null,
        step: null,
        attempt: 1,
        connection,
        connector: 'http',
        slot: null,
        action: null,
        grant: null,
        connectorVersion: '',
        fields: [],
        reply: null,
        scopes: [],
        hosts: [service.host],
        call: 'GET /*',
        deadline: house.clock.now() + 30_000,
      });
      const request = { method: 'GET', url: `http://${service.host}/orders` };
      const answer = await broker.call(capability, { kind: 'http', request });
      return answer.ok ? `sent ${answer.record?.status}` : `${answer.failure.code} ${answer.failure.message}`;
    },
    anotherBroker: () => open(),
    async entries(connection) {
      await house.get(ConnectionNews).record();
      const { rows } = await house.pool.query('select body from audit_entry where subject like $1 order by at, id', [
        `%${connection}%`,
      ]);
      return rows.map(({ body }) => {
        const { action, actor, detail } = JSON.parse(body);
        return { action, actor: actor.name ?? actor.id, detail };
      });
    },
    async close() {
      await house.close();
      for (const close of closers) await close();
      await server.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
