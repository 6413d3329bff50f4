import type { DoubleRequest, HttpReply } from '@sluice/shared/connector';

interface Row {
  id: string;
  properties: Record<string, unknown>;
}

export interface Found {
  scopes: readonly string[];
  isWrite: boolean;
  work(): HttpReply;
}

const at = '2026-01-01T00:00:00.000Z';
const json = (status: number, body: unknown): HttpReply => ({
  status,
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body,
});
const problem = (status: number, category: string, message: string) =>
  json(status, { status: 'error', category, message, correlationId: 'aeb5f871-7f07-4993-9211-075dc63e7cbf' });

/** Deals, companies, notes, pipelines and owners of the stand-in: three deals, companies and owners are there. */
export function crmObjects(effects: string[]) {
  const three = (properties: object) =>
    new Map(['201', '202', '203'].map((id): [string, Row] => [id, { id, properties: { ...properties } }]));
  const tables: Record<string, Map<string, Row>> = {
    deals: three({ dealname: 'Order 1041', amount: '12', pipeline: 'default', dealstage: 'appointmentscheduled' }),
    companies: three({ name: 'Acme', domain: 'acme.example' }),
    notes: new Map(),
  };
  const stages = [
    { id: 'appointmentscheduled', label: 'Appointment scheduled', displayOrder: 0 },
    { id: 'closedwon', label: 'Closed won', displayOrder: 1 },
  ];
  const pipelines = [{ id: 'default', label: 'Sales pipeline', displayOrder: 0, stages }];
  const owners = ['41', '42', '43'].map((id) => ({ id, email: `sales${id}@example.com`, firstName: 'Sam' }));
  const links = new Set<string>();
  let made = 300;

  const shown = ({ id, properties }: Row) => ({ id, properties, createdAt: at, updatedAt: at, archived: false });
  const missing = () => problem(404, 'OBJECT_NOT_FOUND', 'resource not found');
  const page = (rows: readonly unknown[], after: number, limit: number) => ({
    results: rows.slice(after, after + limit),
    ...(after + limit < rows.length && { paging: { next: { after: String(after + limit) } } }),
  });

  function create(kind: string, rows: Map<string, Row>, body: object): HttpReply {
    const properties = Reflect.get(body, 'properties');
    if (typeof properties !== 'object' || properties === null)
      return problem(400, 'VALIDATION_ERROR', 'Invalid input JSON');
    const row = { id: String((made += 1)), properties: { ...properties } };
    rows.set(row.id, row);
    effects.push(`created ${kind} ${row.id} linked to ${JSON.stringify(Reflect.get(body, 'associations') ?? [])}`);
    return json(201, shown(row));
  }
  function change(kind: string, row: Row | undefined, body: object): HttpReply {
    if (row === undefined) return missing();
    const after = { ...row.properties, ...Reflect.get(body, 'properties') };
    const isSame = JSON.stringify(after) === JSON.stringify(row.properties);
    row.properties = after;
    if (!isSame) effects.push(`changed ${kind} ${row.id}`);
    return json(200, shown(row));
  }
  function search(rows: Map<string, Row>, body: object): HttpReply {
    const { filterGroups, after = '0', limit = 10 } = Object(body);
    const [{ propertyName, value }] = filterGroups[0].filters;
    const found = [...rows.values()].filter(({ properties }) => String(properties[propertyName]) === value);
    return json(200, { total: found.length, ...page(found.map(shown), Number(after), Number(limit)) });
  }
  function link(deal: string, contact: string): HttpReply {
    if (tables['deals']?.has(deal) !== true) return missing();
    if (!links.has(`${deal} ${contact}`)) effects.push(`linked deal ${deal} and contact ${contact}`);
    links.add(`${deal} ${contact}`);
    return json(200, { status: 'COMPLETE', results: [], startedAt: at, completedAt: at });
  }

  /** Null: it is none of these. */
  return function find({ method, body }: DoubleRequest, url: URL): Found | null {
    const given = Object(body);
    const [, pair] =
      /^\/crm\/v4\/objects\/deals\/(\d+\/associations\/default\/contacts\/\d+)$/.exec(url.pathname) ?? [];
    if (method === 'PUT' && pair !== undefined) {
      const [deal = '', contact = ''] = pair.split('/associations/default/contacts/');
      const scopes = ['crm.objects.deals.write', 'crm.objects.contacts.write'];
      return { scopes, isWrite: true, work: () => link(deal, contact) };
    }
    if (method === 'GET' && url.pathname === '/crm/v3/owners') {
      const [after, limit] = [Number(url.searchParams.get('after') ?? 0), Number(url.searchParams.get('limit') ?? 100)];
      return { scopes: ['crm.objects.owners.read'], isWrite: false, work: () => json(200, page(owners, after, limit)) };
    }
    const [, pipeline] = /^\/crm\/v3\/pipelines\/deals(?:\/([^/]+)\/stages)?$/.exec(url.pathname) ?? [];
    if (method === 'GET' && url.pathname.startsWith('/crm/v3/pipelines/deals')) {
      const results = pipeline === undefined ? pipelines : pipelines.find(({ id }) => id === pipeline)?.stages;
      const work = () => (results === undefined ? missing() : json(200, { results }));
      return { scopes: ['crm.objects.deals.read'], isWrite: false, work };
    }
    const [, kind = '', rest = ''] =
      /^\/crm\/v3\/objects\/(deals|companies|notes)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const rows = tables[kind];
    if (rows === undefined) return null;
    const owner = kind === 'notes' ? 'contacts' : kind;
    const right = (how: string) => [`crm.objects.${owner}.${how}`];
    if (method === 'POST' && rest === 'search')
      return { scopes: right('read'), isWrite: false, work: () => search(rows, given) };
    if (method === 'POST' && rest === '')
      return { scopes: right('write'), isWrite: true, work: () => create(kind, rows, given) };
    if (method === 'PATCH')
      return { scopes: right('write'), isWrite: true, work: () => change(kind, rows.get(rest), given) };
    const row = rows.get(rest);
    if (method !== 'GET') return null;
    return {
      scopes: right('read'),
      isWrite: false,
      work: () => (row === undefined ? missing() : json(200, shown(row))),
    };
  };
}
