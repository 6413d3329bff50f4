import type { SqlReply, SqlRequest } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import type pg from 'pg';
import { readJson, Rows, TooMuchAtOnce } from './sql-session.js';

interface Field {
  name: string;
  dataTypeID: number;
}

/**
 * One statement by the extended protocol, its rows taken as they come. The transaction is committed by the Sync that
 * follows the statement's end: what is given up before leaves nothing behind.
 */
export class PostgresStatement implements pg.Submittable {
  readonly #request: SqlRequest;
  readonly #rows: Rows;
  readonly #outcome = Promise.withResolvers<SqlReply>();
  #fields: readonly Field[] = [];
  #changed = 0;

  constructor(request: SqlRequest) {
    this.#request = request;
    this.#rows = new Rows(request.mostRows);
    // It may be lost before anybody waits for it.
    this.#outcome.promise.catch(() => undefined);
  }

  /** Rejects with the database's error, or with what the connection broke with. */
  get outcome(): Promise<SqlReply> {
    return this.#outcome.promise;
  }

  submit(connection: pg.Connection): void {
    const { statement, parameters, mostRows } = this.#request;
    connection.once('copyOutResponse', () => this.#refuseCopy());
    connection.parse({ name: '', text: statement, types: [] }, true);
    connection.bind({ values: parameters.map((value) => (value === null ? null : String(value))) }, true);
    connection.describe({ type: 'P', name: '' }, true);
    // One row more tells whether there are more. What changes something is carried out to its end (0).
    const rows = this.#isQuery ? mostRows + 1 : 0;
    // The types say text, and the library writes a number.
    connection.execute({ rows: rows as never }, true);
    connection.flush();
  }

  handleRowDescription({ fields }: { fields: readonly Field[] }): void {
    this.#fields = fields;
  }

  handleDataRow({ fields, length }: { fields: readonly (string | null)[]; length: number }): void {
    if (this.#rows.isCut) return;
    // fromEntries defines keys: __proto__ stays data.
    const row = Object.fromEntries(
      this.#fields.map(({ name, dataTypeID }, at) => [name, readValue(dataTypeID, fields[at] ?? null)]),
    );
    this.#rows.add(row, length);
    if (this.#rows.isCut && this.#isQuery) this.#finish();
  }

  handlePortalSuspended(): void {
    this.#finish();
  }

  handleCommandComplete({ text }: { text: string }, connection: pg.Connection): void {
    if (!this.#isQuery) this.#changed = Number(/ (\d+)$/.exec(text)?.[1] ?? 0);
    connection.sync();
  }

  handleEmptyQuery(connection: pg.Connection): void {
    connection.sync();
  }

  handleReadyForQuery(): void {
    this.#finish();
  }

  handleError(error: Error): void {
    if (!(error instanceof TooMuchAtOnce && this.#isQuery)) return this.#outcome.reject(error);
    this.#rows.isCut = true;
    this.#finish();
  }

  handleCopyInResponse(): void {
    this.#refuseCopy();
  }

  handleCopyData(): void {
    this.#refuseCopy();
  }

  get #isQuery(): boolean {
    return this.#request.do === 'query';
  }

  #finish(): void {
    const { rows, isCut } = this.#rows;
    this.#outcome.resolve({ do: 'done', rows, changed: this.#changed, isCut });
  }

  #refuseCopy(): void {
    const message = 'COPY sends rows as a stream, which is not taken: write it as a select or an insert.';
    // feature_not_supported
    this.#outcome.resolve({ do: 'refused', code: '0A000', message, isDenied: false });
  }
}

/** What JSON can hold as it is comes as such, anything else as PostgreSQL writes it. Never throws: it is the server's word. */
function readValue(type: number, text: string | null): Json {
  if (text === null) return null;
  switch (type) {
    // bool
    case 16:
      return text === 't';
    // int2, int4, oid, float4, float8
    case 21:
    case 23:
    case 26:
    case 700:
    case 701:
      return Number.isFinite(Number(text)) ? Number(text) : text;
    // json, jsonb
    case 114:
    case 3802:
      return readJson(text);
    default:
      return text;
  }
}
