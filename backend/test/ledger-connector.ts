import { type Connector, declareConnector, type Net, replyError } from '@sluice/shared/connector';
import { z } from 'zod';

/* A connector with one action of each effect class, for a service that keeps a ledger of what it was asked to do. */

const hostSchema = z.strictObject({ host: z.string() });
const ledger = declareConnector({
  id: 'ledger',
  title: 'Ledger',
  description: 'Writes lines into a ledger.',
  icon: { name: 'book', color: '#3B5BDB' },
  auth: ['none'],
  config: hostSchema,
  hosts: ({ host }) => [host],
  scopes: { 'lines.write': { title: 'Write lines', risk: 'write', vendor: [] } },
});

const input = z.looseObject({ line: z.unknown() });
const output = z.object({ line: z.unknown(), n: z.int() });
const foundSchema = output.nullable();

type Place = { host: string; path: string; method: string; key: string };

async function ask(net: Net, { host, path, method, key }: Place, body?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const reply = await net.http({
    method,
    url: `http://${host}/${path}`,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const error = replyError(reply, 'The ledger');
  if (error !== null) throw error;
  return reply.body;
}

function actionOf(effect: 'natural' | 'keyed' | 'checkable' | 'unsafe') {
  const method = effect === 'natural' ? 'PUT' : 'POST';
  return ledger.action({
    title: effect,
    description: `Writes a line, ${effect}.`,
    scopes: ['lines.write'],
    effect: effect === 'keyed' ? { class: effect, header: 'Idempotency-Key' } : { class: effect },
    // The broker lets a step make only the call that is declared: a look is one more.
    method: effect === 'checkable' ? 'ANY' : method,
    path: `/${effect}`,
    input,
    output,
    sample: { input: { line: 'one' }, output: { line: 'one', n: 1 } },
    async run({ net, config, idempotencyKey }, body) {
      return output.parse(await ask(net, { host: config.host, path: effect, method, key: idempotencyKey }, body));
    },
    ...(effect !== 'checkable'
      ? {}
      : {
          async find({ net, config, idempotencyKey }) {
            return foundSchema.parse(
              await ask(net, { host: config.host, path: effect, method: 'GET', key: idempotencyKey }),
            );
          },
        }),
  });
}

export const ledgerConnector: Connector = ledger.build({
  actions: {
    natural: actionOf('natural'),
    keyed: actionOf('keyed'),
    checkable: actionOf('checkable'),
    unsafe: actionOf('unsafe'),
  },
  triggers: {},
});
