import { z } from 'zod';
import { jsonSchema } from '../lib/json.js';
import { ConnectorError } from './connector-error.js';
import { type Connector, declareConnector, type Net } from './declare.js';
import type { SqlReply, SqlRequest, SqlRow } from './sql.js';

const statementSchema = z
  .string()
  .min(1)
  .max(100_000)
  .meta({ title: 'Statement', description: 'Written out in full: values go as parameters, never into its text.' });
const parametersSchema = z
  .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .max(1000)
  .default([])
  .meta({ title: 'Parameters', description: 'One for each placeholder, in their order.' });
const mostRowsSchema = z
  .int()
  .min(1)
  .max(10_000)
  .default(1000)
  .meta({ title: 'At most', description: 'Rows that come in; isCut says whether there are more.' });
const rowsSchema = z.array(z.record(z.string(), jsonSchema));

export interface DatabaseDeclaration {
  id: string;
  title: string;
  /** What it does, in a sentence. */
  description: string;
  port: number;
  /** `$1` or `?`. */
  placeholder: string;
  /** Gives one row whose `writes` is not zero where the login holds a right to change something, as far as can be asked. */
  mayWrite: string;
}

/** A database as a connector: one that reads and one that writes, by statements that the flow writes out. */
export function declareDatabase({
  id,
  title,
  description,
  port,
  placeholder,
  mayWrite,
}: DatabaseDeclaration): Connector {
  const database = declareConnector({
    id,
    title,
    description,
    icon: { name: 'database', color: '#1864AB' },
    auth: ['basic'],
    config: z
      .strictObject({
        host: z
          .string()
          .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/, 'a host name, without a port')
          .meta({ title: 'Host' }),
        port: z.int().min(1).max(65535).default(port).meta({ title: 'Port' }),
        database: z.string().min(1).max(100).meta({ title: 'Database' }),
      })
      .transform((config) => ({ ...config, host: config.host.toLowerCase() })),
    hosts: (config) => [config.port === 443 ? config.host : `${config.host}:${config.port}`],
    scopes: {
      'rows.read': { title: 'Read what the login may read', risk: 'read', vendor: [] },
      'rows.write': { title: 'Change what the login may change', risk: 'bulk', vendor: [] },
    },
    receives: ['public', 'internal', 'personal', 'payment', 'health'],
    async test({ net }) {
      const { rows } = await ask(net, { do: 'query', statement: mayWrite, parameters: [], mostRows: 1 });
      return Number(rows[0]?.['writes'] ?? 0) === 0
        ? 'No right to write was found for its login; what functions of the database do on its behalf was not looked at.'
        : 'Its login may write: if flows only read, give it a role that may do no more.';
    },
  });
  const query = database.action({
    title: 'Query rows',
    description: 'Carries out one statement in a transaction whose writes the database itself refuses.',
    scopes: ['rows.read'],
    effect: { class: 'natural' },
    method: 'QUERY',
    path: '/statement',
    literals: ['statement'],
    input: z.strictObject({ statement: statementSchema, parameters: parametersSchema, mostRows: mostRowsSchema }),
    output: z.object({ rows: rowsSchema, isCut: z.boolean() }),
    classes: { statement: 'internal', parameters: 'personal', mostRows: 'public' },
    sample: {
      input: { statement: `select number, total from orders where number = ${placeholder}`, parameters: [1017] },
      output: { rows: [{ number: 1017, total: '129.00' }], isCut: false },
    },
    async run({ net }, input) {
      const { rows, isCut } = await ask(net, { do: 'query', ...input });
      return { rows: [...rows], isCut };
    },
  });
  const execute = database.action({
    title: 'Change rows',
    description: 'Carries out one statement. Whether a lost one was carried out can’t be known, so a person decides.',
    scopes: ['rows.write'],
    effect: { class: 'unsafe' },
    method: 'EXECUTE',
    path: '/statement',
    literals: ['statement'],
    input: z.strictObject({ statement: statementSchema, parameters: parametersSchema }),
    output: z.object({ changed: z.number(), rows: rowsSchema }),
    classes: { statement: 'internal', parameters: 'personal' },
    outputClasses: { changed: 'public' },
    sample: {
      input: { statement: `update orders set total = 129 where number = ${placeholder}`, parameters: [1017] },
      output: { changed: 1, rows: [] },
    },
    async run({ net }, input) {
      const { changed, rows } = await ask(net, { do: 'execute', mostRows: 1000, ...input });
      return { changed, rows: [...rows] };
    },
  });
  return database.build({ actions: { query, execute }, triggers: {} });
}

async function ask(
  net: Net,
  request: SqlRequest,
): Promise<Extract<SqlReply, { do: 'done' }> & { rows: readonly SqlRow[] }> {
  const reply = await net.sql(request);
  if (reply.do === 'done') return reply;
  throw new ConnectorError(reply.isDenied ? 'unauthorized' : 'rejected', reply.message);
}
