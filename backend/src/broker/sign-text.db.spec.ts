import { authInputSchema } from '@sluice/shared/api';
import type { Net, Step } from '@sluice/shared/connector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../test/open-features.js';
import { openRealBroker } from '../../test/real-broker.js';
import { aClaim } from '../../test/records.js';
import { connector as hmac } from '../connectors/hmac/index.js';
import { BoundNet } from '../engine/bound-net.js';
import { ConnectionsService } from '../features/connections/connections.service.js';
import type { Actor } from '../platform/actor.js';
import { Broker, type Capability } from './call.js';

const { sign } = hmac.actions;
const textKey = 'canary-key-of-a-partner';

describe('an HMAC', () => {
  let house: OpenFeatures;
  let ada: Actor;

  beforeAll(async () => {
    house = await openFeatures({ openBroker: (parts) => openRealBroker(parts, []) });
    ({ ada } = await house.aWorkspace({ ada: ['admin'] }));
  });
  afterAll(() => house?.close());

  async function aKey(key: string, { keyGiven = 'text', environment = 'dev' } = {}): Promise<string> {
    const body = { connector: 'hmac', environment, name: 'Key', auth: { kind: 'hmacKey', key }, config: { keyGiven } };
    return (await house.get(ConnectionsService).create(ada, { ...body, auth: { kind: 'hmacKey', key } })).id;
  }

  /** As a step of a flow does it: the action, on the net that the engine gives it. */
  async function signed(connection: string, input: object, more: Partial<Capability> = {}) {
    if (sign === undefined) throw new Error('no such action');
    const broker = house.get(Broker as never) as Broker;
    const now = house.clock.now();
    const capability = broker.mint(
      aClaim({
        now,
        workspace: ada.workspace,
        connection,
        connector: 'hmac',
        action: 'sign',
        scopes: sign.scopes,
        call: `${sign.method} ${sign.path}`,
        reply: sign.replyFields ?? null,
        ...more,
      }),
    );
    const signal = new AbortController().signal;
    const net: Net & Pick<BoundNet, 'records'> = new BoundNet(broker, capability, signal, async () => now + 60_000, {
      ticket: async () => {
        throw new Error('no file was named');
      },
      keep: () => null,
    });
    const step: Step<unknown> = { config: {}, net, idempotencyKey: 'key', signal };
    return { output: sign.output.parse(await sign.run(step, sign.input.parse(input))), records: net.records };
  }

  // RFC 4231, section 4: cases 1 to 4, 6 and 7; case 5 is of a truncated one, case 2 of a key of four bytes, which is too short here.
  it.each([
    [
      '0b'.repeat(20),
      Buffer.from('Hi There').toString('hex'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    ],
    [
      'aa'.repeat(20),
      'dd'.repeat(50),
      '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
      'fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb',
    ],
    [
      '0102030405060708090a0b0c0d0e0f10111213141516171819',
      'cd'.repeat(50),
      '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
      'b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd',
    ],
    [
      'aa'.repeat(131),
      Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First').toString('hex'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
    ],
  ])('is the published one of RFC 4231 (%#)', async (key, text, sha256, sha512) => {
    const id = await aKey(key, { keyGiven: 'hex' });
    const given = { text, given: 'hex' };
    expect((await signed(id, given)).output).toEqual({ signature: sha256 });
    expect((await signed(id, { ...given, algorithm: 'sha512' })).output).toEqual({ signature: sha512 });
    const raw = Buffer.from(sha256, 'hex');
    expect((await signed(id, { ...given, as: 'base64' })).output).toEqual({ signature: raw.toString('base64') });
    expect((await signed(id, { ...given, as: 'base64url' })).output).toEqual({ signature: raw.toString('base64url') });
  });

  it('is of the bytes that a text stands for, and calls nobody', async () => {
    const id = await aKey(textKey);
    const { output, records } = await signed(id, { text: 'é' });
    expect((await signed(id, { text: 'c3a9', given: 'hex' })).output).toEqual(output);
    expect((await signed(id, { text: 'w6k=', given: 'base64' })).output).toEqual(output);
    const hexed = await aKey(Buffer.from(textKey).toString('hex'), { keyGiven: 'hex' });
    expect((await signed(hexed, { text: 'é' })).output).toEqual(output);
    expect(records).toMatchObject([{ host: '', method: 'SIGN', path: '/hmac', status: 0, bytesSent: 0 }]);
  });

  it.each([
    [{ text: 'zz', given: 'hex' }, 'The text is not hex'],
    [{ text: 'YW-j', given: 'base64' }, 'The text is not base64'],
  ])('refuses text that is not what it is said to be: %j', async (input, message) => {
    await expect(signed(await aKey(textKey), input)).rejects.toThrow(message);
  });

  it('wants a key that is what its settings say, and one that is for signing', async () => {
    expect(authInputSchema.safeParse({ kind: 'hmacKey', key: 'too short' }).success).toBe(false);
    const wrong = await aKey('no hexadecimal digits', { keyGiven: 'hex' });
    await expect(signed(wrong, { text: 'a' })).rejects.toThrow("The connection's key is not hex");
  });

  it('needs the grant for it, like any call', async () => {
    const production = await aKey(textKey, { environment: 'production' });
    const there = { environment: 'production' };
    await expect(signed(production, { text: 'a' }, there)).rejects.toMatchObject({ code: 'broker.no_grant' });
    const dev = await aKey(textKey);
    await expect(signed(dev, { text: 'a' }, { call: 'GET /*' })).rejects.toMatchObject({
      code: 'broker.call_not_allowed',
    });
    const broker = house.get(Broker as never) as Broker;
    const claim = aClaim({ now: house.clock.now(), workspace: ada.workspace, connection: dev, connector: 'hmac' });
    const answer = await broker.call(broker.mint({ ...claim, call: 'GET /*', hosts: ['api.example.com'] }), {
      kind: 'http',
      request: { method: 'GET', url: 'https://api.example.com/' },
    });
    expect(answer).toMatchObject({ ok: false, failure: { kind: 'refused' } });
    expect(JSON.stringify(answer)).not.toContain(textKey);
  });
});
