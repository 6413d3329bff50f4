import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../connector/connector-error.js';
import { describeConnector } from '../connector/describe.js';
import type { HttpRequest } from '../connector/http.js';
import { declarationSchema } from './declaration.js';
import { openDeclaration } from './open-declaration.js';
import { type ImportChoices, readOpenApi } from './read-openapi.js';

const document = {
  openapi: '3.1.0',
  info: { title: 'Petstore', version: '1.4.0', description: 'Pets and their people.' },
  servers: [{ url: 'https://pets.example.com/v2' }],
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        flows: {
          authorizationCode: {
            authorizationUrl: 'https://pets.example.com/authorize',
            tokenUrl: 'https://pets.example.com/token',
            scopes: { 'pets:read': 'See pets', 'pets:write': 'Change pets' },
          },
        },
      },
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    },
    schemas: {
      Pet: {
        allOf: [
          { $ref: '#/components/schemas/NewPet' },
          { type: 'object', required: ['id'], properties: { id: { type: 'integer', readOnly: true } } },
        ],
      },
      NewPet: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string' },
          mother: { $ref: '#/components/schemas/Pet' },
          ownerCard: { type: 'object', properties: { cardNumber: { type: 'string' } } },
        },
      },
    },
  },
  paths: {
    '/pets/{petId}': {
      parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'getPet',
        summary: 'Find a pet',
        tags: ['pets'],
        parameters: [
          { name: 'fields[]', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'where', in: 'query', style: 'deepObject', schema: { type: 'object' } },
          { name: 'X-Key', in: 'header', schema: { type: 'string' } },
        ],
        security: [{ oauth: ['pets:read'] }],
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } } },
      },
      delete: { security: [{ oauth: ['pets:write'] }, { oauth: ['pets:read', 'pets:write'] }], responses: {} },
    },
    '/pets': {
      post: {
        operationId: 'createPet',
        parameters: [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
        },
        responses: { 201: { description: 'made' } },
      },
    },
    '/*': { get: { operationId: 'everything', responses: {} } },
    '/pets/../admin': { get: { operationId: 'climb', responses: {} } },
    '/trace': { trace: { responses: {} } },
  },
};

function read(given: unknown = document, choices: ImportChoices = {}) {
  const found = readOpenApi(given, choices);
  if ('refused' in found) throw new Error(found.refused);
  return found;
}

async function sent(
  action: string,
  input: unknown,
  { config = {}, given = document as unknown } = {},
): Promise<HttpRequest> {
  const connector = openDeclaration(read(given).declaration);
  let request: HttpRequest | undefined;
  const net = {
    http: async (one: HttpRequest) => {
      request = one;
      return { status: 200, headers: {}, body: { ok: true } };
    },
    mail: async () => Promise.reject(new Error('no mail')),
    sftp: async () => Promise.reject(new Error('no files')),
    sql: async () => Promise.reject(new Error('no database')),
    imap: async () => Promise.reject(new Error('no mailbox')),
    sign: async () => Promise.reject(new Error('no key')),
  };
  const step = {
    config: connector.base.config.parse(config),
    net,
    idempotencyKey: 'key-1',
    signal: new AbortController().signal,
  };
  const found = connector.actions[action];
  await found?.run(step, found.input.parse(input));
  if (request === undefined) throw new Error('Nothing was sent');
  return request;
}

describe('an OpenAPI document as a connector', () => {
  it('makes each operation an action with its call, scopes, effect and classes', () => {
    const { declaration, report } = read();
    expect(() => declarationSchema.parse(declaration)).not.toThrow();
    expect(report).toMatchObject({ title: 'Petstore', documentVersion: '1.4.0', operations: 6, actions: 3 });
    expect(declaration.description).toMatchObject({
      id: 'api-petstore',
      hosts: ['pets.example.com'],
      auth: ['oauth2', 'bearer', 'apiKey'],
    });
    const actions = Object.fromEntries(declaration.description.actions.map((action) => [action.id, action]));
    expect(actions['getPet']).toMatchObject({
      method: 'GET',
      path: '/v2/pets/{petId}',
      effect: 'natural',
      scopes: ['pets-read'],
    });
    expect(actions['createPet']).toMatchObject({
      effect: 'keyed',
      classes: { 'body.ownerCard.cardNumber': 'payment' },
    });
    expect(declaration.description.scopes['pets-read']).toEqual({
      title: 'See pets',
      risk: 'read',
      vendor: ['pets:read'],
    });
    const [either] = actions['delete-pets-petId']?.scopes ?? [];
    expect(declaration.description.scopes[either ?? '']).toMatchObject({
      risk: 'delete',
      vendor: ['pets:read', 'pets:write'],
    });
  });

  it('says what it left out, and never widens a call by a star or a climb', () => {
    const { report } = read();
    expect(report.leftOut.map(({ operation }) => operation)).toEqual(['GET /*', 'GET /pets/../admin', 'TRACE /trace']);
  });

  it('offers what a service takes and not what it alone sets, and ends circles', () => {
    const create = read().declaration.description.actions.find(({ id }) => id === 'createPet');
    const body = JSON.stringify(create?.input['properties']);
    expect(body).toContain('"mother"');
    expect(body).not.toContain('"id"');
    expect(create?.input['required']).toEqual(['body']);
  });

  it('writes each value in its place', async () => {
    const request = await sent('getPet', { petId: 'a b', fields: ['x', 'y'], where: { age: { gt: 3 } } });
    expect(request.url).toBe(
      'https://pets.example.com/v2/pets/a%20b?fields%5B%5D=x&fields%5B%5D=y&where%5Bage%5D%5Bgt%5D=3',
    );
    expect(await sent('createPet', { body: { name: 'Rex' } })).toEqual({
      method: 'POST',
      url: 'https://pets.example.com/v2/pets',
      headers: { 'idempotency-key': 'key-1', 'content-type': 'application/json' },
      body: '{"name":"Rex"}',
    });
  });

  it.each(['keyed', 'unsafe', 'natural'] as const)('sends the key that a service declares, chosen as %s', (effect) => {
    const { calls } = read(document, { effects: { createPet: effect } }).declaration;
    expect(calls['createPet']?.keyHeader).toBe('Idempotency-Key');
    expect(calls['getPet']?.keyHeader).toBeNull();
  });

  it.each(['a/b', '..', '.', '', 'a\\b'])('refuses to let the value %j become another path', async (petId) => {
    await expect(sent('getPet', { petId })).rejects.toThrow(ConnectorError);
  });

  it('refuses to let a value that may be nothing become another path', async () => {
    const parameters = [{ name: 'petId', in: 'path', required: true, schema: { type: ['string', 'null'] } }];
    const given = { ...document, paths: { '/pets/{petId}': { delete: { operationId: 'dropPet', parameters } } } };
    expect((await sent('dropPet', { petId: '7' }, { given })).url).toBe('https://pets.example.com/v2/pets/7');
    await expect(sent('dropPet', { petId: null }, { given })).rejects.toThrow(ConnectorError);
  });

  it('holds input to the schema: a field that is missing, unknown or of another type', () => {
    const input = openDeclaration(read().declaration).actions['createPet']?.input;
    expect(input?.safeParse({}).success).toBe(false);
    expect(input?.safeParse({ body: { name: 3 } }).success).toBe(false);
    expect(input?.safeParse({ body: { name: 'Rex' }, other: 1 }).success).toBe(false);
  });

  it('describes the connector that it opens as the declaration says', () => {
    const { declaration } = read();
    const opened = describeConnector(openDeclaration(declaration));
    expect(opened.actions.map(({ id, path, scopes, effect }) => ({ id, path, scopes, effect }))).toEqual(
      declaration.description.actions.map(({ id, path, scopes, effect }) => ({ id, path, scopes, effect })),
    );
  });
});

describe('servers', () => {
  const at = (servers: unknown, choices: ImportChoices = {}) => read({ ...document, servers }, choices).declaration;

  it('takes the address from the connection where the document leaves it open', async () => {
    const tenant = [
      {
        url: 'https://{tenant}.example.com/{area}',
        variables: { tenant: { default: 'acme' }, area: { default: 'v1', enum: ['v1', 'v2'] } },
      },
    ];
    const { base, actions } = openDeclaration(at(tenant));
    const config = base.config.parse({ tenant: 'umbrella' });
    expect(typeof base.hosts === 'function' ? base.hosts(config) : base.hosts).toEqual(['umbrella.example.com']);
    expect(actions['getPet']?.path).toBe('/{area}/pets/{petId}');
    expect((await sent('getPet', { petId: '7' }, { given: { ...document, servers: tenant } })).url).toBe(
      'https://acme.example.com/v1/pets/7',
    );
    for (const tenant of ['evil.com/', 'a@evil.com', '', 'evil.com#'])
      expect(base.config.safeParse({ tenant }).success, tenant).toBe(false);
  });

  it('sees a relative address from where the document was read, else asks for it', () => {
    expect(at([{ url: '/api' }], { source: 'https://docs.example.com/openapi.json' })).toMatchObject({
      origin: 'https://docs.example.com',
    });
    const open = at([{ url: '/api' }]);
    expect(open).toMatchObject({ origin: '{server}', description: { hosts: 'connection' } });
    expect(open.description.actions[0]?.path).toBe('/api/pets/{petId}');
  });

  it.each([
    ['https://pets.example.com', 'pets.example.com'],
    ['https://pets.example.com:8443', 'pets.example.com:8443'],
    ['http://pets.example.com', 'pets.example.com:80'],
    ['http://pets.example.com:8080', 'pets.example.com:8080'],
    ['http://[2001:db8::1]', '[2001:db8::1]:80'],
    ['http://[2001:db8::1]:8080', '[2001:db8::1]:8080'],
  ])('calls %s at the host %s, as it is asked for', (url, host) => {
    const declaration = at([{ url }]);
    expect(declaration.description.hosts).toEqual([host]);
    const { hosts } = openDeclaration({
      ...declaration,
      description: { ...declaration.description, hosts: 'connection' },
    }).base;
    expect(typeof hosts === 'function' ? hosts({}) : hosts).toEqual([host]);
  });

  it('never takes a user name, a file or a script for a server', () => {
    for (const url of [
      'https://user:pass@example.com',
      'file:///etc',
      'javascript://x/%0aalert(1)',
      'https://a.example.com\\@evil.com',
    ])
      expect(at([{ url }]).origin, url).toBe('{server}');
  });
});

describe('hostile and broken documents', () => {
  it.each([
    ['nothing', null],
    ['a list', []],
    ['Swagger 2', { swagger: '2.0', paths: {} }],
    ['another version', { openapi: '4.0', paths: {} }],
    ['no paths', { openapi: '3.0.0' }],
    ['no operations', { openapi: '3.0.0', paths: { '/a': { get: 3 } } }],
  ])('refuses %s in one sentence', (_, given) => {
    expect(readOpenApi(given)).toEqual({ refused: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  it('follows no reference to a file or an address', () => {
    const schema = { $ref: 'file:///etc/passwd' };
    const { report, declaration } = read({
      ...document,
      paths: {
        '/a': {
          post: { requestBody: { content: { 'application/json': { schema } } }, responses: {} },
          get: { $ref: 'https://evil.example/x.json' },
        },
      },
    });
    expect(report.warnings.join()).toContain('not followed');
    const post = declaration.description.actions.find(({ method }) => method === 'POST');
    expect(post?.input['properties']).toEqual({ body: { title: 'Body' } });
  });

  it('cuts every text, and strips it of what can’t be seen', () => {
    const long = `\u202eevil\u200b <b>${'x'.repeat(2_000_000)}`;
    const { declaration, report } = read({
      openapi: '3.1.0',
      info: { title: long, version: long, description: long },
      paths: {
        '/a': {
          post: {
            operationId: long,
            summary: long,
            description: long,
            tags: [long],
            parameters: [{ name: 'q', in: 'query', description: long, schema: { title: long, description: long } }],
          },
        },
      },
    });
    expect(JSON.stringify([declaration, report]).length).toBeLessThan(5000);
    expect(declaration.description.title).toMatch(/^evil x+…$/);
    expect(JSON.stringify([declaration, report])).not.toMatch(/[\u202e\u200b]|<b>/);
  });

  it('shares its room among the operations, of which it takes so many', () => {
    const properties = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`f${at}`, { type: 'string' }]));
    const requestBody = { content: { 'application/json': { schema: { type: 'object', properties } } } };
    const at = (many: number) => {
      const others = Array.from({ length: many - 1 }, (_, one) => [`/p${one}`, { post: {} }]);
      const paths = { '/wide': { post: { requestBody } }, ...Object.fromEntries(others) };
      return read({ openapi: '3.1.0', info: {}, paths });
    };
    const fieldsOf = ({ declaration }: ReturnType<typeof read>) =>
      Object.keys(
        Object(Object(Object(declaration.description.actions[0]?.input['properties'])['body'])['properties']),
      );
    expect(fieldsOf(at(1))).toHaveLength(200);
    const many = at(3001);
    expect(fieldsOf(many)).toHaveLength(29);
    expect(many.report).toMatchObject({
      operations: 3001,
      actions: 3000,
      leftOut: [{ operation: 'POST /p2999', why: 'The document has more than 3000 operations.' }],
    });
  }, 60_000);

  it('takes no name of a document for a member of an object that everybody has', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'valueOf'];
    const operation = {
      operationId: 'constructor',
      parameters: names.map((name) => ({ name, in: 'query', schema: { type: 'string', format: name } })),
      responses: {
        200: { content: { 'application/json': { schema: { type: 'string', format: 'constructor' } } } },
      },
    };
    const given = {
      openapi: '3.0.0',
      info: { title: 'constructor' },
      servers: [{ url: 'https://a.example.com' }],
      paths: Object.fromEntries(names.map((name) => [`/${name}`, { post: { ...operation, operationId: name } }])),
    };
    const { description } = read(given).declaration;
    expect(description.actions.map(({ id }) => id)).toEqual([
      'proto',
      expect.stringMatching(/^constructor-/),
      'toString',
      'valueOf',
    ]);
    for (const { effect, sample } of description.actions)
      expect({ effect, sample }).toEqual({
        effect: 'unsafe',
        sample: { input: {}, output: { status: 201, body: 'text' } },
      });
    expect((await sent('toString', {}, { given })).url).toBe('https://a.example.com/toString');
    expect((await sent('toString', { proto: 'x', valueOf: 'y' }, { given })).url).toBe(
      'https://a.example.com/toString?__proto__=x&valueOf=y',
    );
    const twice = { '/a': { get: { operationId: 'toString' }, put: { operationId: 'toString' } } };
    expect(new Set(read({ ...given, paths: twice }).declaration.description.actions.map(({ id }) => id)).size).toBe(2);
  });
});
