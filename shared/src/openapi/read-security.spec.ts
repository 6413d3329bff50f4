import { describe, expect, it } from 'vitest';
import type { Risk } from '../connector/declare.js';
import { OpenedDocument } from './opened-document.js';
import { readSecurity, ScopeCollector } from './read-security.js';

describe('the risk of a scope', () => {
  const risksOf = (vendor: string, risks: readonly Risk[]) => {
    const scopes = new ScopeCollector(new Map());
    const document = new OpenedDocument({});
    for (const risk of risks) scopes.of({ security: [{ oauth: [vendor] }] }, { document, risk, topic: 'pets' });
    return Object.values(scopes.all()).map(({ risk }) => risk);
  };

  it.each<[string, Risk, Risk]>([
    ['pets:read', 'write', 'read'],
    ['pets.readonly', 'write', 'read'],
    ['pets:read_write', 'write', 'write'],
    ['pets', 'write', 'write'],
    ['pets:read', 'money', 'money'],
    ['pets:read', 'delete', 'delete'],
    ['pets:read', 'bulk', 'bulk'],
  ])('%s that is needed to %s is one to %s', (vendor, risk, expected) => {
    expect(risksOf(vendor, [risk])).toEqual([expected]);
  });

  it('is the gravest of what it lets one do', () => {
    expect(risksOf('pets:read', ['read', 'delete', 'write'])).toEqual(['delete']);
  });
});

describe('keys', () => {
  const key = (name: string, place: string) => ({ type: 'apiKey', in: place, name });
  const read = (securitySchemes: object) => {
    const document = new OpenedDocument({ components: { securitySchemes } });
    return { security: readSecurity(document), warnings: document.warnings };
  };

  it('says of a second one that it is never sent', () => {
    const { security, warnings } = read({ first: key('X-Key', 'header'), second: key('app_key', 'query') });
    expect(security.credentials.apiKey).toMatchObject({ in: 'header', name: 'X-Key' });
    expect([...security.secretPlaces]).toEqual(['header x-key', 'query app_key']);
    expect(warnings).toEqual([
      'The key app_key in the query is never sent: a connection holds one key, and it goes as X-Key in the header.',
    ]);
  });

  it('says so of one whose name can’t be sent, and nothing of one that two sign-ins share', () => {
    expect(read({ only: key('X Key', 'header') }).warnings).toEqual(['The key X Key in the header is never sent.']);
    expect(read({ first: key('X-Key', 'header'), second: key('x-key', 'header') }).warnings).toEqual([]);
  });
});
