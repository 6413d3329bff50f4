import { type Contract, contracts, problemBodySchema } from '@sluice/shared/api';
import { z } from 'zod';
import { exampleOf } from './schema-example.js';

type Doc = Record<string, unknown>;

/** The OpenAPI 3.1 document, printed from the schemas that validate. */
export function openApiDocument(server: string): Doc {
  const paths: Record<string, Doc> = {};
  for (const contract of contracts) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operation(contract) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Every write takes Idempotency-Key. Writes with a session need an Origin equal to PUBLIC_URL.',
    },
    servers: [{ url: `${server}/api/v1` }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemBodySchema, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'sluice' },
        token: { type: 'http', scheme: 'bearer', description: 'An API token, slc_...' },
      },
    },
  };
}

function operation(contract: Contract): Doc {
  const statuses = [contract.status ?? 200, ...(contract.alsoStatus === undefined ? [] : [contract.alsoStatus])];
  const type = contract.produces ?? 'application/json';
  const replySchema = jsonSchema(contract.reply, 'output');
  const replyExample =
    contract.produces === undefined ? (contract.example?.reply ?? exampleOf(replySchema)) : undefined;
  const reply = {
    description: contract.summary,
    content: { [type]: { schema: replySchema, ...example(replyExample) } },
  };
  return {
    operationId: `${contract.method.toLowerCase()}${contract.path.replace(/[/:](\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, '')}`,
    tags: [contract.tag],
    summary: contract.summary,
    description: describeAccess(contract),
    security: securityOf(contract),
    parameters: [...parameters(contract.params, 'path'), ...parameters(contract.query, 'query')],
    ...(contract.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: jsonSchema(contract.body, 'input'), ...example(contract.example?.body) },
            },
          },
        }),
    responses: {
      ...Object.fromEntries(statuses.map((status) => [String(status), reply])),
      default: {
        description: 'Refused or failed',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function securityOf({ access, stepUp }: Contract): Doc[] {
  if (access === 'public') return [];
  const isForPeople = access === 'signing-in' || access === 'person' || stepUp === true;
  return isForPeople ? [{ session: [] }] : [{ session: [] }, { token: [] }];
}

function describeAccess({ access, stepUp }: Contract): string {
  const who =
    access === 'public'
      ? 'Anyone.'
      : access === 'member'
        ? 'Any member.'
        : access === 'person'
          ? 'Any member with a session; no API token.'
          : access === 'signing-in'
            ? 'After the password.'
            : `Needs the permission ${access}.`;
  return stepUp === true ? `${who} Asks for a fresh second factor (/auth/step-up).` : who;
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): Doc[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, part]) => ({
    name,
    in: where,
    required: where === 'path',
    schema: jsonSchema(part instanceof z.ZodType ? part : z.string(), 'input'),
  }));
}

function example(value: unknown): Doc {
  return value === undefined ? {} : { example: value };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Doc {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return rest;
}
