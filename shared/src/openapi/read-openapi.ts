import type { Risk } from '../connector/declare.js';
import type { ConnectorDescription } from '../connector/describe.js';
import { type FieldClass, usualClasses } from '../connector/field-class.js';
import { wholeReply } from '../connector/reply-fields.js';
import {
  type ChosenEffect,
  type Declaration,
  type ImportedCall,
  importedPrefix,
  type ImportReport,
} from './declaration.js';
import { classesOf } from './guess-class.js';
import { entriesOf, type Fields, isFields, listOf, member, OpenedDocument } from './opened-document.js';
import { readAnswer, readBody } from './read-body.js';
import { readParameters } from './read-parameters.js';
import { readSecurity, ScopeCollector } from './read-security.js';
import { isPlainPath, readServers } from './read-servers.js';
import { sampleOf } from './sample-of.js';
import { mixesAlphabets, plainLine, plainName, shortHash, shortName } from './texts.js';

/** What a person decides beside the document. */
export interface ImportChoices {
  /** Its id here; made from the title unless given. */
  id?: string | undefined;
  /** The address it was read from. */
  source?: string | null | undefined;
  /** By action, where the guess from the method is wrong. */
  effects?: Readonly<Record<string, ChosenEffect>> | undefined;
  /** The classes of data that it may be sent; the usual ones unless given. */
  receives?: readonly FieldClass[] | undefined;
}

export type ReadDocument =
  | { declaration: Declaration; report: ImportReport }
  /** One sentence: why nothing of it can be used. */
  | { refused: string };

type Action = ConnectorDescription['actions'][number];

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
const mostActions = 3000;
/** Parts of schemas that are kept of one document, and of one of its operations. */
const roomOfAll = 90_000;
const mostRoom = 300;
const leastRoom = 30;

/**
 * The connector that an OpenAPI document (3.0 or 3.1) describes, as far as it makes sense, with what was left out and
 * why. Pure: follows no reference out of the document, runs nothing of it, and takes time and room in proportion to
 * the document, up to a fixed size.
 */
export function readOpenApi(given: unknown, choices: ImportChoices = {}): ReadDocument {
  const refused = refuse(given);
  if (refused !== null || !isFields(given)) return { refused: refused ?? '' };
  const document = new OpenedDocument(given);
  const title = titleOf(given);
  if (mixesAlphabets(title)) document.warn(`The title ${title} mixes alphabets: it may pass for another service.`);
  const servers = readServers(document, choices.source ?? null);
  const security = readSecurity(document);
  const scopes = new ScopeCollector(security.scopeTexts);
  const operations = listOperations(document);
  const perOperation = Math.max(leastRoom, Math.min(mostRoom, Math.floor(roomOfAll / Math.max(1, operations.length))));
  const leftOut: ImportReport['leftOut'] = [];
  const actions: Action[] = [];
  const calls: Record<string, ImportedCall> = Object.create(null);
  for (const operation of operations) {
    const name = `${operation.method} ${plainLine(operation.path, 200)}`;
    const why =
      actions.length >= mostActions ? `The document has more than ${mostActions} operations.` : whyNot(operation);
    if (why !== null) {
      leftOut.push({ operation: name, why });
      continue;
    }
    const read = readOperation(operation, {
      document,
      basePath: servers.basePath,
      secretPlaces: security.secretPlaces,
      scopes,
      room: perOperation,
      isTaken: (id) => Object.hasOwn(calls, id),
      effects: choices.effects ?? {},
    });
    actions.push(read.action);
    calls[read.action.id] = read.call;
  }
  for (const id of Object.keys(choices.effects ?? {}))
    if (!Object.hasOwn(calls, id)) document.warn(`There is no action ${plainLine(id, 80)} whose effect could be set.`);
  if (actions.length === 0)
    return { refused: 'The document describes no operation that can become an action: nothing was imported.' };
  const about = plainLine(member(given['info'], 'summary') ?? member(given['info'], 'description'), 200);
  const description: ConnectorDescription = {
    id: choices.id ?? usualId(given),
    title,
    description: about || `The API ${title}.`,
    icon: { name: 'api', color: '#5C5F66' },
    category: 'plumbing',
    docs: webAddress(member(given['externalDocs'], 'url')),
    setup: [],
    auth: security.auth,
    credentials: security.credentials,
    limits: null,
    oauth:
      security.oauth === null
        ? null
        : { grants: security.oauth.grants, server: security.oauth.server, extraScopes: [] },
    config: { ...servers.config },
    hosts: servers.hosts,
    scopes: Object.fromEntries(
      Object.entries(scopes.all()).map(([id, scope]) => [id, { ...scope, vendor: [...scope.vendor] }]),
    ),
    receives: [...(choices.receives ?? usualClasses)],
    actions,
    triggers: [],
    computations: [],
  };
  return {
    declaration: {
      schema: 'sluice.imported-connector/1',
      description,
      origin: servers.origin,
      oauth: security.oauth?.endpoints ?? null,
      calls: { ...calls },
    },
    report: {
      title,
      documentVersion: plainLine(member(given['info'], 'version'), 60),
      operations: operations.length,
      actions: actions.length,
      leftOut: leftOut.slice(0, 500),
      warnings: document.warnings,
    },
  };
}

function refuse(given: unknown): string | null {
  if (!isFields(given)) return 'This is no OpenAPI document: it must be an object with "openapi", "info" and "paths".';
  const version = member(given, 'openapi');
  if (member(given, 'swagger') !== undefined)
    return 'This is a Swagger 2.0 document: convert it to OpenAPI 3 first, then import that.';
  if (typeof version !== 'string' || !/^3\.[0-2](?:\.|$)/.test(version))
    return 'This is no OpenAPI 3.0 or 3.1 document: the field "openapi" must say which version it is.';
  return isFields(member(given, 'paths'))
    ? null
    : 'The document has no "paths": there is nothing that could be called.';
}

interface Operation {
  method: string;
  path: string;
  pathItem: Fields;
  operation: Fields;
}

function listOperations(document: OpenedDocument): Operation[] {
  return entriesOf(document.root['paths']).flatMap(([path, item]) => {
    const pathItem = document.resolve(item);
    if (!isFields(pathItem)) return [];
    return methods.flatMap((method) => {
      const operation = member(pathItem, method);
      return isFields(operation) ? [{ method: method.toUpperCase(), path, pathItem, operation }] : [];
    });
  });
}

function whyNot({ method, path, operation, pathItem }: Operation): string | null {
  if (method === 'TRACE') return 'TRACE sends a request’s secret back, so it is never sent.';
  if (!path.startsWith('/')) return 'Its path does not begin with a slash.';
  if (!isPlainPath(path)) return 'Its path holds signs that would not go out as they are written here.';
  if (path.includes('}{')) return 'Two parameters of its path touch each other.';
  if (listOf(operation['servers']).length > 0 || listOf(pathItem['servers']).length > 0)
    return 'It is reached at servers of its own; a connector calls those of its document.';
  return null;
}

interface Around {
  document: OpenedDocument;
  basePath: string;
  secretPlaces: ReadonlySet<string>;
  scopes: ScopeCollector;
  room: number;
  isTaken: (id: string) => boolean;
  effects: Readonly<Record<string, ChosenEffect>>;
}

function readOperation(given: Operation, around: Around): { action: Action; call: ImportedCall } {
  const { method, operation } = given;
  const { document, secretPlaces } = around;
  const path = `${around.basePath}${given.path}`.replace(
    /\{([^{}]+)\}/g,
    (_, name: string) => `{${plainName(name, '_') || 'value'}}`,
  );
  const parameters = readParameters(given, { document, room: { left: around.room }, secretPlaces });
  const body =
    method === 'GET' || method === 'HEAD' ? null : readBody(operation, { document, room: { left: around.room } });
  const answer = readAnswer(operation, { document, room: { left: Math.ceil(around.room / 2) } });
  const id = idOfAction(given, around.isTaken);
  const input = inputOf(parameters, body);
  const output = {
    type: 'object',
    properties: { status: { type: 'integer' }, body: answer },
    required: ['status', 'body'],
  };
  const effect = effectOf(method, {
    keyHeader: parameters.keyHeader,
    chosen: Object.hasOwn(around.effects, id) ? around.effects[id] : undefined,
  });
  const titleText = plainLine(operation['summary'], 90) || plainLine(operation['operationId'], 90);
  const topic =
    plainLine(listOf(operation['tags'])[0], 60) ||
    given.path.split('/').find((part) => /^[a-z]/i.test(part)) ||
    'the API';
  return {
    action: {
      id,
      title: titleText || `${method} ${plainLine(given.path, 80)}`,
      description: plainLine(operation['description'], 300) || `${method} ${plainLine(given.path, 200)}`,
      scopes: around.scopes.of(operation, { document, risk: riskOf(given), topic }),
      method,
      path,
      input,
      output,
      effect,
      classes: {
        ...classesOf(parameters.properties, { isQuery: true }),
        ...(body === null ? {} : classesOf({ body: body.schema }, { isQuery: false })),
      },
      outputClasses: { status: 'internal', ...classesOf({ body: answer }, { isQuery: false }) },
      replyFields: null,
      spareFields: [wholeReply],
      sample: {
        input: sampleOf(input, { all: false }),
        output: { status: method === 'POST' ? 201 : 200, body: sampleOf(answer, { all: true }) },
      },
    },
    call: {
      method,
      path,
      parameters: parameters.places.map((place) =>
        place.in === 'path' ? { ...place, name: plainName(place.name, '_') || 'value' } : place,
      ),
      body: body?.body ?? null,
      // Where the document declares one it is sent whatever the effect: a service may insist on it.
      keyHeader: parameters.keyHeader ?? (effect === 'keyed' ? 'Idempotency-Key' : null),
    },
  };
}

function inputOf(parameters: ReturnType<typeof readParameters>, body: ReturnType<typeof readBody>): Fields {
  const properties =
    body === null ? parameters.properties : { ...parameters.properties, body: { title: 'Body', ...body.schema } };
  const required = body?.isRequired === true ? [...parameters.required, 'body'] : parameters.required;
  return { type: 'object', properties, required, additionalProperties: false };
}

/** PUT and DELETE say the same twice as once (RFC 9110, 9.2.2); of the others only the service knows. */
function effectOf(
  method: string,
  { keyHeader, chosen }: { keyHeader: string | null; chosen: ChosenEffect | undefined },
): Action['effect'] {
  if (chosen !== undefined) return chosen;
  if (method !== 'POST' && method !== 'PATCH') return 'natural';
  return keyHeader === null ? 'unsafe' : 'keyed';
}

const moneyWords = /(?:^|[^a-z])(?:payments?|charges?|refunds?|payouts?|transfers?|withdrawals?|checkout)(?:[^a-z]|$)/i;
const bulkWords = /(?:^|[^a-z])(?:batch|bulk)(?:[^a-z]|$)/i;

function riskOf({ method, path }: Operation): Risk {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return 'read';
  if (moneyWords.test(path)) return 'money';
  if (method === 'DELETE') return 'delete';
  return bulkWords.test(path) ? 'bulk' : 'write';
}

/** At most 64 characters, as a flow writes it, and the same at every import of the same operation. */
function idOfAction({ method, path, operation }: Operation, isTaken: (id: string) => boolean): string {
  const said = typeof operation['operationId'] === 'string' ? operation['operationId'] : '';
  const place = `${method} ${path}`;
  const plain = plainName(said) || plainName(`${method.toLowerCase()}${path}`) || method.toLowerCase();
  const id = shortName(plain, 64, said || place);
  return isTaken(id) || id === '__proto__' || id === 'constructor' ? `${id.slice(0, 55)}-${shortHash(place)}` : id;
}

function webAddress(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 500 && /^https:\/\/[^\s"'<>]+$/.test(value) ? value : null;
}

function titleOf(document: unknown): string {
  return plainLine(member(member(document, 'info'), 'title'), 80) || 'Imported API';
}

/** The id of a document's connector where nobody chose one. */
export function usualId(document: unknown): string {
  const name = plainName(titleOf(document).normalize('NFKD').replace(/\p{M}/gu, ''))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return `${importedPrefix}${name || 'service'}`;
}
