import { hostOf } from './open-declaration.js';
import { type Fields, listOf, member, type OpenedDocument } from './opened-document.js';
import { plainLine, plainName } from './texts.js';

/** Where the calls go. */
export interface ReadServers {
  /** See `Declaration.origin`. */
  origin: string;
  /** `/v2`, with fields of the config as segments: `/{workspace}`. Empty for none. */
  basePath: string;
  hosts: string[] | 'connection';
  /** The connection's settings, as JSON Schema. */
  config: Fields;
}

interface Server {
  origin: string;
  basePath: string;
  variables: Record<string, Fields>;
}

const namePattern = '^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?$';
/** `https://host` or `https://host:port`, no more: a connection is for a host. */
const originPattern = '^https?://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?$';
const mostServers = 20;

/** `source`: the address that the document was read from, which relative servers are seen from. */
export function readServers(document: OpenedDocument, source: string | null): ReadServers {
  const given = listOf(document.root['servers']).slice(0, mostServers);
  const servers = given.flatMap((server) => {
    const read = readServer(server, source);
    if (read === null) document.warn('A server whose address is none was left out.');
    return read === null ? [] : [read];
  });
  const relative = servers.find(({ origin }) => origin === '');
  const absolute = servers.filter(({ origin }) => origin !== '');
  const [first] = absolute;
  if (first === undefined) return namedByConnection(relative?.basePath ?? '');
  if (Object.keys(first.variables).length > 0) return withVariables(first);
  const same = absolute.filter(
    ({ basePath, variables }) => basePath === first.basePath && Object.keys(variables).length === 0,
  );
  if (same.length < absolute.length)
    document.warn('Servers with another path, or with variables, than the first were left out.');
  const origins = [...new Set(same.map(({ origin }) => origin))];
  warnOfHosts(document, origins);
  return origins.length === 1
    ? { origin: first.origin, basePath: first.basePath, hosts: [hostOf(first.origin)], config: closed({}) }
    : chosen(origins, first.basePath);
}

function readServer(server: unknown, source: string | null): Server | null {
  const url = member(server, 'url');
  if (typeof url !== 'string' || url.length > 2000 || /[\s\\?#]/.test(url)) return null;
  const [, origin = '', path = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/]+)?(.*)$/i.exec(url) ?? [];
  const basePath = path.replace(/\/+$/, '');
  if (!isPlainPath(basePath)) return null;
  const variables = readVariables(server, url);
  if (origin === '') {
    const seen = source === null || Object.keys(variables).length > 0 ? null : resolved(url, source);
    return (
      seen ?? {
        origin: '',
        basePath: basePath.startsWith('/') || basePath === '' ? basePath : `/${basePath}`,
        variables: {},
      }
    );
  }
  // Letters that look alike and upper case become what is really asked for: `xn--...`, small.
  const example = origin.replace(/\{[^{}]*\}/g, 'a');
  if (!isOrigin(example)) return null;
  return {
    origin: Object.keys(variables).length > 0 && origin.includes('{') ? renamed(origin) : new URL(origin).origin,
    basePath: renamed(basePath),
    variables,
  };
}

function resolved(url: string, source: string): Server | null {
  if (!URL.canParse(url, source)) return null;
  const { origin, pathname } = new URL(url, source);
  const basePath = pathname.replace(/\/+$/, '');
  return isOrigin(origin) && isPlainPath(basePath) ? { origin, basePath, variables: {} } : null;
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, host } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && host !== '';
}

/** Segments that go out as they are written here, with `{name}` for what a connection or a step fills in. */
export function isPlainPath(path: string): boolean {
  const segments = path.split('/');
  return (
    path.length <= 1000 &&
    segments.every((segment) => segment !== '.' && segment !== '..') &&
    !path.includes('//') &&
    /^(?:[A-Za-z0-9\-._~!$&'()+,;=:@/]|\{[^{}/]+\})*$/.test(path)
  );
}

function readVariables(server: unknown, url: string): Record<string, Fields> {
  const named = [...url.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
  return Object.fromEntries(
    [...new Set(named)].map((name) => {
      const variable = member(member(server, 'variables'), name);
      const choices = listOf(member(variable, 'enum')).filter(
        (one) => typeof one === 'string' && new RegExp(namePattern).test(one),
      );
      const usual = member(variable, 'default');
      const isUsual = typeof usual === 'string' && new RegExp(namePattern).test(usual);
      return [
        plainName(name, '_'),
        {
          type: 'string',
          title: plainLine(name, 60),
          description: plainLine(member(variable, 'description'), 200) || `Part of the address ${plainLine(url, 120)}.`,
          ...(choices.length > 0 && choices.length <= 200 ? { enum: choices } : { pattern: namePattern }),
          ...(isUsual && (choices.length === 0 || choices.includes(usual)) ? { default: usual } : {}),
        },
      ];
    }),
  );
}

function renamed(template: string): string {
  return template.replace(/\{([^{}]+)\}/g, (_, name: string) => `{${plainName(name, '_')}}`);
}

function withVariables({ origin, basePath, variables }: Server): ReadServers {
  const hosts: ReadServers['hosts'] = origin.includes('{') ? 'connection' : [hostOf(origin)];
  return { origin, basePath, hosts, config: closed(variables) };
}

function chosen(origins: readonly string[], basePath: string): ReadServers {
  const server = {
    type: 'string',
    title: 'Server',
    description: 'Where the calls go.',
    enum: origins,
    default: origins[0],
  };
  return { origin: '{server}', basePath, hosts: 'connection', config: closed({ server }) };
}

function namedByConnection(basePath: string): ReadServers {
  const server = {
    type: 'string',
    title: 'Server',
    description: 'Where the service is reached: https://api.example.com, without a path.',
    pattern: originPattern,
  };
  return { origin: '{server}', basePath, hosts: 'connection', config: closed({ server }) };
}

function closed(properties: Record<string, Fields>): Fields {
  const required = Object.keys(properties).filter((name) => properties[name]?.['default'] === undefined);
  return { type: 'object', properties, required, additionalProperties: false };
}

function warnOfHosts(document: OpenedDocument, origins: readonly string[]): void {
  for (const origin of origins) {
    const { host, protocol } = new URL(origin);
    if (host.includes('xn--')) document.warn(`The host ${host} has letters beyond a to z: look twice whose it is.`);
    if (protocol === 'http:') document.warn(`${host} is called in the clear, which the installation must allow.`);
  }
}
