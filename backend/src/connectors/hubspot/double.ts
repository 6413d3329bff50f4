import { crmObjects } from './double-objects.js';
import type { DoubleRequest, Fault, HttpReply, ServiceDouble } from '@sluice/shared/connector';

interface Contact {
  id: string;
  properties: Record<string, string>;
  createdAt: string;
  updatedAt: string;
}

const contactsPath = '/crm/v3/objects/contacts';
const addressShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * The contacts of a CRM account, one of them (grace@example.com) there from the start.
 * The property `no_such_property` does not exist. The first request about `fault-429@...` or `fault-503@...` fails so.
 */
export function hubspotDouble(): ServiceDouble {
  const grants = new Map<string, ReadonlySet<string>>();
  const contacts = new Map<string, Contact>();
  const failedOnce = new Set<string>();
  const effects: string[] = [];
  const findObject = crmObjects(effects);
  let ticks = 0;
  let fault: Fault | undefined;

  function tick(): string {
    ticks += 1;
    return new Date(Date.UTC(2026, 0, 1) + ticks * 1000).toISOString();
  }

  function upsert(email: string, properties: Record<string, string>) {
    const known = contacts.get(email);
    const before = known?.properties ?? {};
    const after = { ...before, ...properties, email };
    const isSame = known !== undefined && JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
    const at = isSame ? known.updatedAt : tick();
    const contact = {
      id: known?.id ?? String(100 + contacts.size),
      properties: after,
      createdAt: known?.createdAt ?? at,
      updatedAt: at,
    };
    contacts.set(email, contact);
    if (!isSame) effects.push(`${known === undefined ? 'created' : 'changed'} contact ${email}`);
    return { ...contact, properties: shown(contact), archived: false, new: known === undefined };
  }

  function upsertBatch(body: unknown): HttpReply {
    const inputs = readInputs(body);
    if (inputs === null) return problem(400, 'VALIDATION_ERROR', 'Invalid input JSON');
    if (inputs.some(({ idProperty }) => idProperty !== 'email')) {
      return problem(400, 'VALIDATION_ERROR', 'idProperty must name a unique property');
    }
    if (inputs.some(({ id }) => !addressShape.test(id))) {
      return problem(400, 'VALIDATION_ERROR', 'Property values were not valid: INVALID_EMAIL');
    }
    if (inputs.some(({ properties }) => 'no_such_property' in properties)) {
      return problem(400, 'VALIDATION_ERROR', 'Property "no_such_property" does not exist');
    }
    const startedAt = tick();
    const results = inputs.map(({ id, properties }) => upsert(id.toLowerCase(), properties));
    return json(200, { status: 'COMPLETE', results, startedAt, completedAt: tick() });
  }

  function find(url: URL): HttpReply {
    const name = decodeURIComponent(url.pathname.slice(contactsPath.length + 1)).toLowerCase();
    const contact =
      url.searchParams.get('idProperty') === 'email'
        ? contacts.get(name)
        : [...contacts.values()].find(({ id }) => id === name);
    if (contact === undefined) return problem(404, 'OBJECT_NOT_FOUND', 'resource not found');
    const wanted = url.searchParams.get('properties')?.split(',') ?? ['email', 'firstname', 'lastname'];
    const all: Record<string, string | null> = shown(contact);
    const properties = Object.fromEntries(
      [...wanted, 'createdate', 'hs_object_id', 'lastmodifieddate'].map((key) => [key, all[key] ?? null]),
    );
    return json(200, { ...contact, properties, archived: false });
  }

  /** The fault that an address asks for, the first time it is seen. */
  function sentinel(request: DoubleRequest): Fault | undefined {
    const text = `${decodeURIComponent(request.url)} ${JSON.stringify(request.body)}`;
    const name = /fault-(?:429|503)@/.exec(text)?.[0];
    if (name === undefined || failedOnce.has(name)) return undefined;
    failedOnce.add(name);
    return name === 'fault-429@' ? 'rate-limit' : 'unavailable';
  }

  upsert('grace@example.com', { firstname: 'Grace', lastname: 'Hopper', company: 'Navy', lifecyclestage: 'lead' });
  effects.length = 0;

  return {
    host: 'api.hubapi.com',
    grant(scopes) {
      const token = `pat-double-${String(grants.size + 1).padStart(8, '0')}`;
      grants.set(token, new Set(scopes));
      return { kind: 'bearer', token };
    },
    async handle(request) {
      const url = new URL(request.url);
      const scopes = grants.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
      if (scopes === undefined) return problem(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
      if (request.method === 'GET' && url.pathname === '/account-info/v3/details') {
        return json(200, {
          portalId: 1234567,
          accountType: 'STANDARD',
          timeZone: 'Europe/Berlin',
          companyCurrency: 'EUR',
        });
      }
      const isUpsert = request.method === 'POST' && url.pathname === `${contactsPath}/batch/upsert`;
      const isFind = request.method === 'GET' && url.pathname.startsWith(`${contactsPath}/`);
      const object = findObject(request, url);
      if (!isUpsert && !isFind && object === null) return problem(404, 'NOT_FOUND', 'No such path');
      const needed = object?.scopes ?? [isUpsert ? 'crm.objects.contacts.write' : 'crm.objects.contacts.read'];
      const lacking = needed.find((scope) => !scopes.has(scope));
      if (lacking !== undefined) return missingScope(lacking);
      const isWrite = object?.isWrite ?? isUpsert;

      const now = sentinel(request) ?? (isWrite ? fault : undefined);
      if (isWrite) fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit') return rateLimited;
      if (now === 'unavailable') return problem(503, 'SERVICE_UNAVAILABLE', 'Please try again in a few seconds.');
      if (now === 'reject') return problem(400, 'VALIDATION_ERROR', 'Property values were not valid');
      const reply = object?.work() ?? (isUpsert ? upsertBatch(request.body) : find(url));
      return now === 'drop-reply' ? 'drop' : reply;
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}

const correlationId = 'aeb5f871-7f07-4993-9211-075dc63e7cbf';

const rateLimited = json(
  429,
  {
    status: 'error',
    message: 'You have reached your secondly limit.',
    errorType: 'RATE_LIMIT',
    correlationId,
    policyName: 'SECONDLY',
  },
  { 'retry-after': '1' },
);

function missingScope(scope: string): HttpReply {
  return json(403, {
    status: 'error',
    message: "This app hasn't been granted all required scopes to make this call.",
    correlationId,
    errors: [
      { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: [scope] } },
    ],
    category: 'MISSING_SCOPES',
  });
}

function problem(status: number, category: string, message: string): HttpReply {
  return json(status, { status: 'error', message, correlationId, category });
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'content-type': 'application/json;charset=utf-8', ...headers }, body };
}

function shown({ id, properties, createdAt, updatedAt }: Contact): Record<string, string> {
  return { ...properties, createdate: createdAt, hs_object_id: id, lastmodifieddate: updatedAt };
}

function sorted(properties: Record<string, string>): [string, string][] {
  return Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
}

interface UpsertInput {
  id: string;
  idProperty: string;
  properties: Record<string, string>;
}

function readInputs(body: unknown): readonly UpsertInput[] | null {
  if (typeof body !== 'object' || body === null || !('inputs' in body) || !Array.isArray(body.inputs)) return null;
  return body.inputs.every(isUpsertInput) ? body.inputs : null;
}

function isUpsertInput(value: unknown): value is UpsertInput {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value) || typeof value.id !== 'string') return false;
  if (!('idProperty' in value) || typeof value.idProperty !== 'string') return false;
  if (!('properties' in value) || typeof value.properties !== 'object' || value.properties === null) return false;
  return Object.values(value.properties).every((one) => typeof one === 'string');
}
