import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';

describe('live pages', () => {
  let product: Product;
  let client: Client;

  beforeAll(async () => {
    product = await startProduct({ env: ownerVariables });
    client = new Client(product.url);
    await client.signIn(owner, new CodeClock());
  });

  afterAll(async () => {
    await product?.stop();
  });

  it('are told what changed over a stream that stays open', async () => {
    const stream = await client.stream('/events');
    const topics: string[] = [];

    await client.ok('POST', '/flows', { name: 'New here' });
    while (!topics.includes('flows')) {
      const event = await stream.next();
      if (event.event === 'changed') topics.push(event.data.topic);
    }
    await client.ok('POST', '/flows', { name: 'And another' });

    expect(await stream.next()).toMatchObject({ event: 'changed' });
    stream.close();
  });

  it('need a session', async () => {
    expect((await new Client(product.url).call('GET', '/events')).status).toBe(401);
  });
});
