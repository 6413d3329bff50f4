import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsKmsStandIn, startAwsKmsStandIn } from '../../../test/key-services/aws-kms-stand-in.js';
import { startTransitStandIn, type TransitStandIn } from '../../../test/key-services/transit-stand-in.js';
import { SealBroken } from '../../platform/keys/gcm.js';
import { type KeyService, KeyServiceAway } from '../../platform/keys/key-service.js';
import { LocalKey } from '../../platform/keys/local-key.js';
import { newKey } from '../../platform/keys/secret-key.js';
import { Egress } from '../egress/egress.js';
import { keyServicePlaces, openRootKeys } from '../root-keys.js';
import { AwsKey } from './aws-key.js';
import { TransitKey } from './transit-key.js';

const now = () => Date.now();
const allowPrivateHosts = ['127.0.0.1'];
const bytesOf = (key: { export(): unknown }) => key.export();

interface Opened {
  service: KeyService;
  /** Another root key of the same kind. */
  stranger(): Promise<KeyService>;
  close(): Promise<void>;
  /** What only a service elsewhere has. */
  remote?: {
    rotate(): void;
    remake(): void;
    fail(count: number, status: number): void;
    hang(isHanging: boolean): void;
    asked: string[];
    stop(): Promise<void>;
    refuse(): void;
    sayingWhat: RegExp;
  };
}

function transitOn(standIn: TransitStandIn): TransitKey {
  const { origin } = standIn;
  const token = () => 'hvs.first-token';
  return new TransitKey({ origin, mount: 'transit', key: 'sluice', token, allowPrivateHosts, now, patienceMs: 300 });
}

function awsOn({ origin, arn, accessKey, secretKey: secret }: AwsKmsStandIn): AwsKey {
  const secretKey = createSecretKey(Buffer.from(secret));
  const region = 'eu-test-1';
  return new AwsKey({ origin, arn, region, accessKey, secretKey, allowPrivateHosts, now, patienceMs: 300 });
}

const kinds: Record<string, () => Promise<Opened>> = {
  'a key of this process': async () => ({
    service: new LocalKey(newKey(), 'the test'),
    stranger: async () => new LocalKey(newKey(), 'the test'),
    close: async () => undefined,
  }),
  'transit of Vault and OpenBao': async () => {
    const [standIn, other] = [await startTransitStandIn(), await startTransitStandIn()];
    const [service, stranger] = [transitOn(standIn), transitOn(other)];
    return {
      service,
      stranger: async () => stranger,
      remote: {
        ...standIn,
        stop: standIn.close,
        refuse: () => standIn.setToken('hvs.another-token'),
        sayingWhat: /SLUICE_KMS_TOKEN a valid one/,
      },
      async close() {
        await Promise.all([service.close(), stranger.close()]);
        await Promise.all([standIn.close(), other.close()].map((closed) => closed.catch(() => undefined)));
      },
    };
  },
  'AWS KMS': async () => {
    const [standIn, other] = [await startAwsKmsStandIn(), await startAwsKmsStandIn()];
    const [service, stranger] = [awsOn(standIn), awsOn(other)];
    return {
      service,
      stranger: async () => stranger,
      remote: {
        ...standIn,
        stop: standIn.close,
        refuse: () => standIn.setState('Disabled'),
        sayingWhat: /enable it in AWS KMS/,
      },
      async close() {
        await Promise.all([service.close(), stranger.close()]);
        await Promise.all([standIn.close(), other.close()].map((closed) => closed.catch(() => undefined)));
      },
    };
  },
};

describe.each(Object.entries(kinds))('%s', (kind, open) => {
  let opened: Opened;
  let service: KeyService;
  beforeEach(async () => {
    opened = await open();
    ({ service } = opened);
  });
  afterEach(() => opened.close());

  it('gives a key back in its own place, and hides it', async () => {
    const key = newKey();
    const { text, version } = await service.wrap(key, 'secret|wsp_1|dev|1');

    expect(text).not.toContain(key.export().toString('base64'));
    expect(version).toBe(await service.currentVersion());
    expect(bytesOf(await service.unwrap(text, 'secret|wsp_1|dev|1'))).toEqual(bytesOf(key));
    expect((await service.wrap(key, 'secret|wsp_1|dev|1')).text).not.toBe(text);
  });

  it('opens nothing that was moved, changed, or wrapped by another root key', async () => {
    const { text } = await service.wrap(newKey(), 'secret|wsp_1|dev|1');
    const changed = `${text.slice(0, -6)}${text.at(-6) === 'A' ? 'B' : 'A'}${text.slice(-5)}`;

    await expect(service.unwrap(text, 'secret|wsp_2|dev|1')).rejects.toThrow(SealBroken);
    await expect(service.unwrap(changed, 'secret|wsp_1|dev|1')).rejects.toThrow(SealBroken);
    await expect((await opened.stranger()).unwrap(text, 'secret|wsp_1|dev|1')).rejects.toThrow(SealBroken);
    await expect(service.rewrap(changed, 'secret|wsp_1|dev|1')).rejects.toThrow(SealBroken);
    await expect(service.rewrap(text, 'secret|wsp_2|dev|1')).rejects.toThrow(SealBroken);
  });

  it('wraps anew under the current version, and goes on opening what the one before wrapped', async () => {
    const key = newKey();
    const before = await service.wrap(key, 'payload|wsp_1|dev|1');
    opened.remote?.rotate();
    const after = await service.rewrap(before.text, 'payload|wsp_1|dev|1');

    expect(after.version).toBe(await service.currentVersion());
    if (opened.remote !== undefined) expect(after.version).not.toBe(before.version);
    for (const { text } of [before, after])
      expect(bytesOf(await service.unwrap(text, 'payload|wsp_1|dev|1'))).toEqual(bytesOf(key));
  });

  it('is healthy while it wraps and unwraps', async () => {
    expect(await service.health()).toEqual({ ok: true, milliseconds: expect.any(Number) });
  });

  it('has a fingerprint that says nothing and stays', async () => {
    expect(service.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  if (kind === 'a key of this process') return;

  function remote(): NonNullable<Opened['remote']> {
    if (opened.remote === undefined) throw new Error('not remote');
    return opened.remote;
  }

  it('asks again when the service stumbles, and says so when it stays down', async () => {
    const key = newKey();
    const { text } = await service.wrap(key, 'p');
    remote().fail(2, 503);
    expect(bytesOf(await service.unwrap(text, 'p'))).toEqual(bytesOf(key));

    remote().fail(3, 500);
    await expect(service.unwrap(text, 'p')).rejects.toThrow(KeyServiceAway);
    remote().fail(3, 429);
    await expect(service.unwrap(text, 'p')).rejects.toThrow(/nothing is sealed or opened until it is up again/);
  });

  it('says what to do about a refusal, at once and without a retry', async () => {
    const { text } = await service.wrap(newKey(), 'p');
    remote().refuse();
    const before = remote().asked.length;
    await expect(service.unwrap(text, 'p')).rejects.toThrow(remote().sayingWhat);
    expect(remote().asked.length - before).toBeLessThanOrEqual(2);
    await expect(service.wrap(newKey(), 'p')).rejects.toThrow(KeyServiceAway);
    expect(await service.health()).toEqual({ ok: false, message: expect.stringMatching(remote().sayingWhat) });
  });

  it('gives up on a service that takes too long', async () => {
    const { text } = await service.wrap(newKey(), 'p');
    remote().hang(true);
    await expect(service.unwrap(text, 'p')).rejects.toThrow(KeyServiceAway);
    remote().hang(false);
  });

  it('fails closed when the service is gone', async () => {
    const { text } = await service.wrap(newKey(), 'p');
    await remote().stop();
    await expect(service.unwrap(text, 'p')).rejects.toThrow(/key service can't be asked\. .* can't be reached/);
    expect(await service.health()).toMatchObject({ ok: false });
  });

  it('opens nothing with a key that was made anew under the old name', async () => {
    const { text } = await service.wrap(newKey(), 'p');
    remote().remake();
    await expect(service.unwrap(text, 'p')).rejects.toThrow(SealBroken);
  });
});

describe('a key service in a private network (ssrf: private address)', () => {
  it('is asked only when it is listed', async () => {
    const standIn = await startTransitStandIn();
    const { origin } = standIn;
    const token = () => 'hvs.first-token';
    const service = new TransitKey({ origin, mount: 'transit', key: 'sluice', token, allowPrivateHosts: [], now });

    await expect(service.currentVersion()).rejects.toThrow(/SLUICE_ALLOW_PRIVATE_HOSTS/);
    expect(standIn.asked).toEqual([]);
    await Promise.all([service.close(), standIn.close()]);
  });

  it('is not asked at an address that its name was not checked for (dns rebinding)', async () => {
    let connections = 0;
    const inside = createServer(() => (connections += 1)).listen(0, '127.0.0.1');
    await new Promise((resolve) => inside.once('listening', resolve));
    const address = inside.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const service = new TransitKey({
      origin: `https://bao.example.com:${port}`,
      mount: 'transit',
      key: 'sluice',
      token: () => 'hvs.first-token',
      allowPrivateHosts: [],
      lookup: async () => ['127.0.0.1'],
      now,
    });
    await expect(service.currentVersion()).rejects.toThrow(/can't be reached/);
    expect(connections).toBe(0);
    await service.close();
    inside.close();
  });
});

describe('a flow (ssrf: service of the host)', () => {
  it('does not reach the key service, although it is listed for Sluice itself', async () => {
    const keyService = { kind: 'transit', origin: 'http://127.0.0.1:8200' } as const;
    const egress = new Egress({
      allowPrivateHosts: ['127.0.0.1'],
      doubles: new Map(),
      ownPlaces: keyServicePlaces({
        keyService: { ...keyService, mount: 'transit', key: 'sluice', token: null, tokenFile: null },
      }),
      lookup: async () => [],
      now,
    });
    const to = (port: number) =>
      egress.findRoute({ host: '127.0.0.1', port, label: `127.0.0.1:${port}`, isTls: false }, { production: false });
    await expect(to(8200)).rejects.toMatchObject({
      failure: { code: 'egress.unreachable', reason: { code: 'own_address' } },
    });
    await expect(to(8201)).resolves.toMatchObject({ route: { port: 8201 } });
  });
});

describe('a token in a file', () => {
  it('is read again when the service refuses the one at hand', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'sluice-token-'));
    const tokenFile = join(dataDir, 'token');
    await writeFile(tokenFile, 'hvs.first-token\n');
    const standIn = await startTransitStandIn();
    const keyService = {
      kind: 'transit',
      origin: standIn.origin,
      mount: 'transit',
      key: 'sluice',
      token: null,
    } as const;
    const given = { keyService: { ...keyService, tokenFile }, rootKey: null, rootKeyBefore: null };
    const { current } = await openRootKeys({ ...given, dataDir, allowPrivateHosts }, now);
    const { text } = await current.wrap(newKey(), 'p');

    standIn.setToken('hvs.second-token');
    await writeFile(tokenFile, 'hvs.second-token\n');
    await expect(current.unwrap(text, 'p')).resolves.toBeDefined();

    await rm(dataDir, { recursive: true });
    standIn.setToken('hvs.third-token');
    await expect(current.unwrap(text, 'p')).rejects.toThrow(/correct SLUICE_KMS_TOKEN_FILE/);
    await standIn.close();
  });
});
