import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const base = 'appZ3YqSample0001';
const place = '/v0/{base}/{table}';

/** The base appZ3YqSample0001 with one table of three orders (1042 is the first), and two more bases. Two entries a page. */
export function airtableDouble(): ServiceDouble {
  const records = new Map<string, { createdTime: string; fields: Record<string, unknown> }>(
    ['1042', '1040', '1041'].map((order, at) => [
      `recZ3YqSample000${at + 1}`,
      { createdTime: '2026-01-01T00:00:00.000Z', fields: { Order: order, Status: 'Paid' } },
    ]),
  );
  const shown = (id: string) => ({ id, ...records.get(id) });
  const missing = () => reply(404, { error: 'NOT_FOUND' });
  const isHere = (params: Readonly<Record<string, string>>) => params.base === base;
  const page = (name: string, all: readonly object[], offset: string | null) => {
    const from = Number(offset?.replace('itr/', '') ?? 0);
    return reply(200, {
      [name]: all.slice(from, from + 2),
      ...(from + 2 < all.length && { offset: `itr/${from + 2}` }),
    });
  };
  function add(fields: Record<string, unknown>): string {
    const id = `recZ3YqSample000${records.size + 1}`;
    records.set(id, { createdTime: '2026-01-02T00:00:00.000Z', fields });
    return id;
  }
  /** True when something changed. */
  function change(id: string, fields: Record<string, unknown>): boolean {
    const record = records.get(id);
    if (record === undefined) return false;
    const before = JSON.stringify(record.fields);
    record.fields = { ...record.fields, ...fields };
    return JSON.stringify(record.fields) !== before;
  }

  return standIn({
    host: 'api.airtable.com',
    credential: (n) => ({ kind: 'bearer', token: `patDouble${String(n).padStart(8, '0')}.secret` }),
    problem: (what) => ({ error: { type: what.toUpperCase(), message: `Refused: ${what}` } }),
    statuses: { rejected: 422 },
    routes: {
      'GET /v0/meta/whoami': { answer: () => reply(200, { id: 'usrDouble' }) },
      'GET /v0/meta/bases': {
        scope: 'schema.bases:read',
        answer: ({ query }) =>
          page(
            'bases',
            [base, 'appOther1', 'appOther2'].map((id, at) => ({
              id,
              name: ['Shop', 'Books', 'Team'][at],
              permissionLevel: 'create',
            })),
            query.get('offset'),
          ),
      },
      'GET /v0/meta/bases/{base}/tables': {
        scope: 'schema.bases:read',
        answer: ({ params }) =>
          isHere(params)
            ? reply(200, {
                tables: [{ id: 'tblZ3YqSample0001', name: 'Orders', primaryFieldId: 'fldDouble', fields: [] }],
              })
            : missing(),
      },
      [`POST ${place}`]: {
        scope: 'data.records:write',
        answer({ params, json, effect }) {
          if (!isHere(params)) return missing();
          const id = add(json.fields);
          effect(`added ${JSON.stringify(json.fields)}`);
          return reply(200, shown(id));
        },
      },
      [`PATCH ${place}`]: {
        scope: 'data.records:write',
        answer({ params, json, effect }) {
          if (!isHere(params)) return missing();
          const by: string[] = json.performUpsert?.fieldsToMergeOn ?? [];
          const fields: Record<string, unknown> = json.records?.[0]?.fields ?? {};
          const found = [...records].filter(([, one]) => by.every((name) => one.fields[name] === fields[name]));
          if (found.length > 1)
            return reply(422, { error: { type: 'INVALID_REQUEST', message: 'More than one matches' } });
          const known = found[0]?.[0];
          const id = known ?? add(fields);
          if (known === undefined || change(known, fields)) effect(`set ${JSON.stringify(fields)}`);
          const isNew = known === undefined;
          return reply(200, {
            records: [shown(id)],
            createdRecords: isNew ? [id] : [],
            updatedRecords: isNew ? [] : [id],
          });
        },
      },
      [`PATCH ${place}/{record}`]: {
        scope: 'data.records:write',
        answer({ params, json, effect }) {
          const { record = '' } = params;
          if (!isHere(params) || !records.has(record)) return missing();
          if (change(record, json.fields)) effect(`changed ${record}`);
          return reply(200, shown(record));
        },
      },
      [`GET ${place}/{record}`]: {
        scope: 'data.records:read',
        answer: ({ params }) =>
          isHere(params) && records.has(params.record ?? '') ? reply(200, shown(params.record ?? '')) : missing(),
      },
      [`GET ${place}`]: {
        scope: 'data.records:read',
        answer: ({ params, query }) =>
          isHere(params) ? page('records', [...records.keys()].map(shown), query.get('offset')) : missing(),
      },
      [`DELETE ${place}/{record}`]: {
        scope: 'data.records:write',
        answer({ params, effect }) {
          if (!isHere(params) || !records.delete(params.record ?? '')) return missing();
          effect(`deleted ${params.record}`);
          return reply(200, { deleted: true, id: params.record });
        },
      },
    },
  });
}
