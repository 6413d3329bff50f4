import type { AuthKind, Risk, ScopeDeclaration } from '../connector/declare.js';
import type { Credentials } from '../connector/credentials.js';
import type { OAuthGrant } from '../connector/oauth.js';
import type { Declaration } from './declaration.js';
import { entriesOf, type Fields, listOf, member, type OpenedDocument } from './opened-document.js';
import { plainLine, plainName, shortHash, shortName } from './texts.js';

/** How a service wants to be signed in to. */
export interface ReadSecurity {
  auth: AuthKind[];
  oauth: { grants: OAuthGrant[]; server: 'vendor' | 'connection'; endpoints: Declaration['oauth'] } | null;
  /** Where the secret goes that a connection adds: `query api_key`. */
  secretPlaces: ReadonlySet<string>;
  credentials: Credentials;
  /** What the document says of each OAuth scope. */
  scopeTexts: ReadonlyMap<string, string>;
}

export function readSecurity(document: OpenedDocument): ReadSecurity {
  const schemes = entriesOf(member(document.root['components'], 'securitySchemes')).map(
    ([name, scheme]) => [plainLine(name, 60), document.resolve(scheme)] as const,
  );
  const auth = new Set<AuthKind>();
  const read: ReadSecurity = { auth: [], oauth: null, secretPlaces: new Set(), credentials: {}, scopeTexts: new Map() };
  const places = new Map<string, string>();
  for (const [name, scheme] of schemes) {
    const kind = kindOf(scheme);
    if (kind === null)
      document.warn(
        `The sign-in ${name} can't be used: Sluice signs in with a token, a password, a key in a header or query, or OAuth.`,
      );
    else auth.add(kind);
    if (kind === 'apiKey') {
      const [place, key] = [member(scheme, 'in'), plainLine(member(scheme, 'name'), 80)];
      places.set(`${String(place)} ${key.toLowerCase()}`, `${key} in the ${String(place)}`);
      if ((place === 'header' || place === 'query') && /^[A-Za-z0-9_.-]+$/.test(key))
        read.credentials.apiKey ??= { title: 'API key', in: place, name: key };
    }
    if (kind === 'oauth2') {
      // A token that somebody else obtained is sent the same way.
      auth.add('bearer');
      read.oauth ??= readOAuth(scheme, document);
      read.scopeTexts = new Map([...read.scopeTexts, ...scopeTextsOf(scheme)]);
    }
  }
  const { apiKey } = read.credentials;
  const unsent = [...places].filter(([place]) => place !== `${apiKey?.in} ${apiKey?.name.toLowerCase()}`);
  for (const [, words] of unsent)
    document.warn(
      `The key ${words} is never sent${apiKey === undefined ? '' : `: a connection holds one key, and it goes as ${apiKey.name} in the ${apiKey.in}`}.`,
    );
  const kinds: AuthKind[] = auth.size > 0 ? [...auth] : ['none', 'bearer', 'basic', 'apiKey'];
  return { ...read, auth: kinds, secretPlaces: new Set(places.keys()) };
}

function kindOf(scheme: unknown): AuthKind | null {
  switch (member(scheme, 'type')) {
    case 'oauth2':
    case 'openIdConnect':
      return 'oauth2';
    case 'apiKey':
      return member(scheme, 'in') === 'cookie' ? null : 'apiKey';
    case 'http': {
      const name = String(member(scheme, 'scheme')).toLowerCase();
      return name === 'bearer' || name === 'basic' ? name : null;
    }
    default:
      return null;
  }
}

function readOAuth(scheme: unknown, document: OpenedDocument): ReadSecurity['oauth'] {
  const flows = member(scheme, 'flows');
  const [code, own] = [member(flows, 'authorizationCode'), member(flows, 'clientCredentials')];
  const grants: OAuthGrant[] = [
    ...(own === undefined ? [] : (['clientCredentials'] as const)),
    ...(code === undefined && own !== undefined ? [] : (['authorizationCode'] as const)),
  ];
  const [authorization, token] = [
    address(code, 'authorizationUrl'),
    address(code, 'tokenUrl') ?? address(own, 'tokenUrl'),
  ];
  if (token === undefined || (authorization === undefined && grants.includes('authorizationCode'))) {
    document.warn('The document names no whole https address of its authorization server: each connection names it.');
    return { grants, server: 'connection', endpoints: null };
  }
  return { grants, server: 'vendor', endpoints: authorization === undefined ? { token } : { authorization, token } };
}

function address(flow: unknown, key: string): string | undefined {
  const text = member(flow, key);
  if (typeof text !== 'string' || text.length > 1000 || !URL.canParse(text)) return undefined;
  const { protocol, username, password, hash, href } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && hash === '' ? href : undefined;
}

function scopeTextsOf(scheme: unknown): [string, string][] {
  return entriesOf(member(scheme, 'flows')).flatMap(([, flow]) =>
    entriesOf(member(flow, 'scopes')).map(([scope, text]): [string, string] => [scope, plainLine(text, 140)]),
  );
}

/** As an authorization server reads it (RFC 6749, 3.3). */
const vendorScope = /^[\x21\x23-\x5b\x5d-\x7e]{1,300}$/;

/** Connector scopes by id, as the operations of a document turn out to need them. */
export class ScopeCollector {
  readonly #scopes = new Map<string, { scope: ScopeDeclaration; risks: Set<Risk> }>();

  constructor(private readonly texts: ReadonlyMap<string, string>) {}

  /** Ids of what one operation needs; `whole` is asked for where the document names no scope for it. */
  of(operation: Fields, around: { document: OpenedDocument; risk: Risk; topic: string }): string[] {
    const { document, risk, topic } = around;
    const alternatives = alternativesOf(operation, document);
    const vendors = [...new Set(alternatives.flat())].sort();
    if (vendors.length === 0) {
      const title = `${verbs[risk]} ${topic}`;
      return [this.add(`${plainName(topic).toLowerCase() || 'api'}.${risk}`, { title, vendor: [] }, risk)];
    }
    // The one way of signing in needs each of its scopes. Of several ways any one will do: they are one scope that names all.
    const [only] = alternatives;
    if (alternatives.length === 1 && only !== undefined) {
      return only.map((vendor) =>
        this.add(plainName(vendor) || shortHash(vendor), { title: this.titleOf(vendor), vendor: [vendor] }, risk),
      );
    }
    const id = `any-of-${shortHash(vendors.join(' '))}`;
    const others = vendors.length > 3 ? ` or ${vendors.length - 3} others` : '';
    const title = `Any of ${vendors.slice(0, 3).join(', ')}${others}`;
    return [this.add(id, { title, vendor: vendors }, risk)];
  }

  all(): Record<string, ScopeDeclaration> {
    return Object.fromEntries(
      [...this.#scopes].map(([id, { scope, risks }]) => [id, { ...scope, risk: gravest(risks) }]),
    );
  }

  private add(wanted: string, { title, vendor }: Pick<ScopeDeclaration, 'title' | 'vendor'>, risk: Risk): string {
    const told = `${wanted} ${vendor.join(' ')}`;
    const short = shortName(wanted, 80, told);
    const taken = this.#scopes.get(short)?.scope.vendor.join(' ');
    const id = taken === undefined || taken === vendor.join(' ') ? short : `${short.slice(0, 70)}-${shortHash(told)}`;
    const known = this.#scopes.get(id) ?? { scope: { title, vendor, risk }, risks: new Set() };
    // What a service lets a scope for reading do by POST is a search. What looks graver than that stays so, whatever the scope is called.
    known.risks.add(risk === 'write' && vendor.length > 0 && vendor.every(readsOnly) ? 'read' : risk);
    this.#scopes.set(id, known);
    return id;
  }

  private titleOf(vendor: string): string {
    return this.texts.get(vendor) || plainLine(vendor, 100);
  }
}

const verbs: Readonly<Record<Risk, string>> = {
  read: 'Read',
  write: 'Create and change',
  money: 'Move money with',
  delete: 'Delete',
  bulk: 'Change many at once of',
};
const byGravity: readonly Risk[] = ['money', 'delete', 'bulk', 'write', 'read'];

function gravest(risks: ReadonlySet<Risk>): Risk {
  return byGravity.find((risk) => risks.has(risk)) ?? 'write';
}

function readsOnly(vendor: string): boolean {
  const words = vendor.toLowerCase().split(/[^a-z]+/);
  return (words.includes('read') || words.includes('readonly')) && !words.includes('write');
}

/** The scopes of each way to sign in for an operation, each set once, the ways without scopes left out. */
function alternativesOf(operation: Fields, document: OpenedDocument): string[][] {
  const given = listOf(operation['security'] ?? document.root['security']).slice(0, 500);
  const ways = given.map((way) => {
    const named = entriesOf(way).flatMap(([, scopes]) => listOf(scopes));
    const usable = named.filter((scope) => typeof scope === 'string').filter((scope) => vendorScope.test(scope));
    if (usable.length < named.length)
      document.warn('Scopes with spaces or other signs that no authorization server takes were left out.');
    return [...new Set(usable)].sort();
  });
  return [...new Map(ways.filter((way) => way.length > 0).map((way) => [way.join(' '), way])).values()];
}
