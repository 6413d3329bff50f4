import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const root = '/services/data/v62.0';

/** Three contacts, the first with Customer_No__c C-1. Two records a page. An object `Nothing` does not exist. */
export function salesforceDouble(): ServiceDouble {
  const records = new Map<string, Record<string, unknown>>(
    ['Lovelace', 'Hopper', 'Hamilton'].map((name, at) => [
      `003${String(at === 0 ? 1 : at + 10).padStart(12, '0')}AAA`,
      { LastName: name, Email: 'ada@example.com', Customer_No__c: `C-${at + 1}` },
    ]),
  );
  const no = (status: number, errorCode: string, message: string) =>
    reply(status, [{ errorCode, message, fields: [] }]);
  const missing = () => no(404, 'NOT_FOUND', 'The requested resource does not exist');
  const isKnown = ({ object }: Readonly<Record<string, string>>) => object === 'Contact';
  /** True when something changed. */
  function change(id: string, fields: Readonly<Record<string, unknown>>): boolean {
    const before = JSON.stringify(records.get(id));
    records.set(id, { ...records.get(id), ...fields });
    return JSON.stringify(records.get(id)) !== before;
  }
  const add = (fields: Readonly<Record<string, unknown>>) => {
    const id = `003${String(records.size - 1).padStart(12, '0')}AAA`;
    records.set(id, { ...fields });
    return id;
  };
  const page = (from: number) => {
    const all = [...records].map(([Id, record]) => ({ attributes: { type: 'Contact' }, Id, ...record }));
    const next = from + 2 < all.length ? { nextRecordsUrl: `${root}/query/01g000000000001-${from + 2}` } : {};
    return reply(200, {
      totalSize: all.length,
      done: from + 2 >= all.length,
      records: all.slice(from, from + 2),
      ...next,
    });
  };

  return standIn({
    host: 'acme.my.salesforce.com',
    credential: (n) => ({ kind: 'bearer', token: `00Ddouble!${String(n).padStart(16, '0')}` }),
    problem: (what) => [{ errorCode: codes[what], message: `Refused: ${what}`, fields: [] }],
    statuses: { forbidden: 403 },
    routes: {
      [`GET ${root}/limits`]: { answer: () => reply(200, {}) },
      [`POST ${root}/sobjects/{object}`]: {
        scope: 'api',
        answer({ params, json, effect }) {
          if (!isKnown(params)) return missing();
          if (typeof json.LastName !== 'string')
            return no(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]');
          const id = add(json);
          effect(`created ${json.LastName}`);
          return reply(201, { id, success: true, errors: [] });
        },
      },
      [`PATCH ${root}/sobjects/{object}/{by}/{value}`]: {
        scope: 'api',
        answer({ params, json, effect }) {
          if (!isKnown(params)) return missing();
          const { by = '', value = '' } = params;
          const known = [...records].find(([, record]) => record[by] === value)?.[0];
          const id = known ?? add({ ...json, [by]: value });
          if (known === undefined || change(known, json)) effect(`set ${by} ${value}`);
          return reply(known === undefined ? 201 : 200, {
            id,
            success: true,
            created: known === undefined,
            errors: [],
          });
        },
      },
      [`PATCH ${root}/sobjects/{object}/{id}`]: {
        scope: 'api',
        answer({ params, json, effect }) {
          const { id = '' } = params;
          if (!isKnown(params) || !records.has(id)) return missing();
          if (change(id, json)) effect(`changed ${id}`);
          return reply(204, null);
        },
      },
      [`GET ${root}/sobjects/{object}/{id}`]: {
        scope: 'api',
        answer({ params, query }) {
          const record = records.get(params.id ?? '');
          if (!isKnown(params) || record === undefined) return missing();
          const wanted = (query.get('fields') ?? '').split(',');
          return reply(200, {
            Id: params.id,
            ...Object.fromEntries(wanted.map((name) => [name, record[name] ?? null])),
          });
        },
      },
      [`GET ${root}/query`]: { scope: 'api', answer: () => page(0) },
      [`GET ${root}/query/{locator}`]: {
        scope: 'api',
        answer: ({ params }) => page(Number(params.locator?.split('-')[1])),
      },
      [`DELETE ${root}/sobjects/{object}/{id}`]: {
        scope: 'api',
        answer({ params, effect }) {
          if (!isKnown(params) || !records.delete(params.id ?? '')) return missing();
          effect(`deleted ${params.id}`);
          return reply(204, null);
        },
      },
    },
  });
}

const codes = {
  unauthorized: 'INVALID_SESSION_ID',
  forbidden: 'INSUFFICIENT_ACCESS',
  missing: 'NOT_FOUND',
  limited: 'REQUEST_LIMIT_EXCEEDED',
  down: 'SERVER_UNAVAILABLE',
  rejected: 'INVALID_FIELD',
};
