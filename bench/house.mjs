import { createHmac, createSecretKey, randomUUID } from 'node:crypto';
import { generate } from 'otplib';
import { openDatabase } from './database.mjs';
import { prepareProduct } from './product.mjs';
import { startSink } from './sink.mjs';

const owner = {
  email: 'bench@example.com',
  password: 'a sentence for the bench',
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
};

/** The built product on a database of its own, a sink, and a signed-in client. */
export async function openHouse({ profile }) {
  const sink = await startSink();
  const product = await prepareProduct({
    profile,
    variables: {
      SLUICE_ADMIN_EMAIL: owner.email,
      SLUICE_ADMIN_PASSWORD: owner.password,
      SLUICE_ADMIN_TOTP_SECRET: owner.secret,
      SLUICE_ALLOW_PRIVATE_HOSTS: sink.host,
    },
  });
  let cookie = '';

  async function ask(method, path, body) {
    const headers = {
      origin: product.url,
      cookie,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const reply = await fetch(`${product.url}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return reply;
  }

  async function call(method, path, body) {
    const reply = await ask(method, path, body);
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Draws, publishes and deploys a flow into dev; answers what is needed to send to its endpoint. */
  async function aFlow(name, document, connections = {}) {
    const flow = await call('POST', '/flows', { name });
    await call('PUT', `/flows/${flow.id}/draft`, { document: { schema: 'sluice.flow/1', ...document } });
    const { version } = await call('POST', `/flows/${flow.id}/versions`, {});
    const bindings = {};
    for (const [slot, config] of Object.entries(connections)) {
      bindings[slot] = (
        await call('POST', '/connections', {
          connector: 'http',
          environment: 'dev',
          name: `${name} ${slot}`,
          auth: { kind: 'bearer', token: 'bench' },
          config,
        })
      ).id;
    }
    const { endpoints } = await call('POST', `/flows/${flow.id}/deployments`, {
      environment: 'dev',
      version,
      bindings,
    });
    const [{ path, secret }] = endpoints;
    const key = createSecretKey(Buffer.from(secret.replace('whsec_', ''), 'base64'));
    return { flow: flow.id, url: product.url + path, headers: (body) => sign(key, body) };
  }

  let database = null;
  async function close() {
    await database?.end();
    await product.remove();
    await sink.stop();
  }

  try {
    await product.start();
    await call('POST', '/auth/login', { email: owner.email, password: owner.password });
    await call('POST', '/auth/totp', { code: await generate({ secret: owner.secret }) });
    database = await openDatabase(product.dataDir);
  } catch (error) {
    await close();
    throw error;
  }
  return { product, sink, database, call, fetch: ask, cookie: () => cookie, aFlow, close };
}

/** Signs a body as Standard Webhooks 1.0 does: a new id each time. */
function sign(key, body) {
  const id = `msg_${randomUUID().replaceAll('-', '')}`;
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': `v1,${signature}`,
  };
}
