import { expect, it } from 'vitest';
import { compareDeclarations, isNothing } from './compare-declarations.js';
import { readOpenApi } from './read-openapi.js';

const document = () => ({
  openapi: '3.1.0',
  info: { title: 'Petstore', version: '1' },
  servers: [{ url: 'https://pets.example.com' }],
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        flows: {
          clientCredentials: { tokenUrl: 'https://pets.example.com/token', scopes: { 'pets:read': 'See pets' } },
        },
      },
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    },
  },
  paths: {
    '/pets': {
      get: { operationId: 'listPets', security: [{ oauth: ['pets:read'] }] },
      post: { operationId: 'addPet', security: [{ oauth: ['pets:write'] }] },
    },
  } as Record<string, object>,
});

function declared(change: (one: ReturnType<typeof document>) => void = () => undefined) {
  const given = document();
  change(given);
  const read = readOpenApi(given);
  if ('refused' in read) throw new Error(read.refused);
  return read.declaration;
}

const compared = (change: (one: ReturnType<typeof document>) => void) =>
  compareDeclarations(declared(), declared(change));

it('tells what a new version of a document changes', () => {
  const changes = compared((one) => {
    one.servers = [{ url: 'https://pets.example.org' }];
    one.paths['/pets'] = {
      get: { operationId: 'listPets', security: [{ oauth: ['pets:write'] }] },
      post: { operationId: 'newPet', security: [{ oauth: ['pets:write'] }] },
    };
  });
  expect(changes).toEqual({
    addedActions: ['newPet'],
    removedActions: ['addPet'],
    changedActions: [{ action: 'listPets', parts: ['scopes'] }],
    addedHosts: ['pets.example.org'],
    removedHosts: ['pets.example.com'],
    addedScopes: [],
    removedScopes: ['pets-read (pets:read)'],
    others: ['address'],
  });
});

it.each<[string, (one: ReturnType<typeof document>) => void, string[]]>([
  ['a key under another name', (one) => (one.components.securitySchemes.key.name = 'X-Token'), ['sign-in']],
  ['a key in another place', (one) => (one.components.securitySchemes.key.in = 'query'), ['sign-in']],
  [
    'a token from elsewhere',
    (one) => (one.components.securitySchemes.oauth.flows.clientCredentials.tokenUrl = 'https://evil.example/token'),
    ['sign-in'],
  ],
  [
    'what a scope is said to allow',
    (one) => (one.components.securitySchemes.oauth.flows.clientCredentials.scopes['pets:read'] = 'See all'),
    ['scopes'],
  ],
  ['words', (one) => Object.assign(one, { externalDocs: { url: 'https://docs.example.com' } }), ['texts']],
])('tells of %s', (_, change, others) => {
  const changes = compared(change);
  expect(changes.others).toEqual(others);
  expect(isNothing({ ...changes, others: [] })).toBe(true);
});

it('tells of a graver risk under the same scope', () => {
  const more = { '/pets/all': { delete: { operationId: 'dropAll', security: [{ oauth: ['pets:write'] }] } } };
  expect(compared((one) => Object.assign(one.paths, more))).toMatchObject({
    addedActions: ['dropAll'],
    addedScopes: [],
    others: ['scopes'],
  });
});

it('tells of the same host and port in the clear', () => {
  const at = (url: string) => declared((one) => (one.servers = [{ url }]));
  expect(compareDeclarations(at('https://pets.example.com:80'), at('http://pets.example.com'))).toMatchObject({
    addedHosts: [],
    removedHosts: [],
    others: ['address'],
  });
});

it('tells of nothing where both say the same', () => {
  expect(isNothing(compared(() => undefined))).toBe(true);
});
