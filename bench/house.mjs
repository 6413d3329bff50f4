import { spawn } from 'node:child_process';
import { createHmac, createSecretKey, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from 'otplib';
import { startSink } from './sink.mjs';

const main = fileURLToPath(new URL('../backend/dist/main.js', import.meta.url));
const owner = {
  email: 'bench@example.com',
  password: 'a sentence for the bench',
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
};

/** The built product on a database of its own, a sink, and a signed-in client. */
export async function openHouse() {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  // As root the database runs as another user, who must get in.
  chmodSync(dataDir, 0o755);
  const sink = await startSink();
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(port),
    SLUICE_DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    SLUICE_ADMIN_EMAIL: owner.email,
    SLUICE_ADMIN_PASSWORD: owner.password,
    SLUICE_ADMIN_TOTP_SECRET: owner.secret,
    SLUICE_ALLOW_PRIVATE_HOSTS: sink.host,
  };
  const house = {
    url: `http://127.0.0.1:${port}`,
    sink,
    dataDir,
    child: null,
    cookie: '',
    postgres: '',
    startProduct,
    stopProduct,
    call,
    aFlow,
    send: signer(),
    close,
  };

  async function startProduct() {
    const began = performance.now();
    house.child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    for (;;) {
      if (house.child.exitCode !== null) throw new Error('The product did not start');
      const ready = await fetch(`${house.url}/readyz`).then(
        (reply) => reply.ok,
        () => false,
      );
      if (ready) return (performance.now() - began) / 1000;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function stopProduct() {
    if (house.child?.exitCode !== null) return;
    house.child.kill('SIGTERM');
    await once(house.child, 'exit');
  }

  async function call(method, path, body) {
    const headers = {
      origin: house.url,
      cookie: house.cookie,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const reply = await fetch(`${house.url}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    house.cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? house.cookie;
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Draws, publishes and deploys a flow into dev; answers its endpoint. */
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
    return {
      flow: flow.id,
      url: house.url + endpoints[0].path,
      key: createSecretKey(Buffer.from(endpoints[0].secret.replace('whsec_', ''), 'base64')),
    };
  }

  async function close() {
    await stopProduct();
    await sink.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }

  await startProduct();
  await call('POST', '/auth/login', { email: owner.email, password: owner.password });
  await call('POST', '/auth/totp', { code: await generate({ secret: owner.secret }) });
  house.postgres = '18';
  return house;
}

/** Signs a body as Standard Webhooks 1.0 does: a new id each time. */
function signer() {
  return (key, body) => {
    const id = `msg_${randomUUID().replaceAll('-', '')}`;
    const at = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': at,
      'webhook-signature': `v1,${signature}`,
    };
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
