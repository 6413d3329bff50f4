import type { EventEmitter } from 'node:events';
import type { SqlReply, SqlRequest } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import type { TypeCast } from 'mysql2';
import { readJson, Rows } from './sql-session.js';

type Field = Parameters<Exclude<TypeCast, boolean>>[0];

/** What one prepared statement gives, its rows taken as they come. Of several results (CALL) the first that has rows. */
export class MysqlRows {
  readonly #isQuery: boolean;
  readonly #rows: Rows;
  readonly #outcome = Promise.withResolvers<SqlReply>();
  #names: readonly string[] = [];
  #results = 0;
  #bytes = 0;
  #changed = 0;
  #insertId = '0';

  constructor(request: SqlRequest) {
    this.#isQuery = request.do === 'query';
    this.#rows = new Rows(request.mostRows);
    // It may be lost before anybody waits for it.
    this.#outcome.promise.catch(() => undefined);
  }

  /** Rejects with the library's error. */
  get outcome(): Promise<SqlReply> {
    return this.#outcome.promise;
  }

  /** For the library's `typeCast`, which is asked for each value as it comes in. */
  readonly cast = (field: Field, next: () => unknown): Json => {
    // The library would make objects of these.
    const value = field.type === 'GEOMETRY' || field.type === 'VECTOR' ? field.buffer() : next();
    this.#bytes += typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
    return readValue(field, value);
  };

  /** A running statement of the library. */
  follow(statement: EventEmitter): void {
    statement.on('fields', (fields?: readonly { name: string }[]) => {
      if (fields === undefined) return;
      this.#results += 1;
      if (this.#results === 1) this.#names = fields.map(({ name }) => name);
    });
    statement.on('result', (result: readonly Json[] | Header) => {
      if ('affectedRows' in result) this.#note(result);
      else this.#add(result);
    });
    statement.on('error', (error) => this.#outcome.reject(error));
    statement.on('end', () => this.#finish());
  }

  /** There is more than can be read. */
  cut(): SqlReply {
    this.#rows.isCut = true;
    return this.#reply();
  }

  #note({ affectedRows, insertId }: Header): void {
    this.#changed += Number(affectedRows);
    this.#insertId = String(insertId);
  }

  #add(values: readonly Json[]): void {
    const bytes = this.#bytes;
    this.#bytes = 0;
    if (this.#results > 1 || this.#rows.isCut) return;
    // fromEntries defines keys: __proto__ stays data.
    this.#rows.add(Object.fromEntries(this.#names.map((name, at) => [name, values[at] ?? null])), bytes);
    if (this.#rows.isCut && this.#isQuery) this.#finish();
  }

  #finish(): void {
    this.#outcome.resolve(this.#reply());
  }

  #reply(): SqlReply {
    const { rows, isCut } = this.#rows;
    const changed = this.#isQuery ? 0 : this.#changed;
    // What another database would say by RETURNING.
    const given = this.#results === 0 && this.#insertId !== '0' ? [{ insertId: this.#insertId }] : rows;
    return { do: 'done', rows: given, changed, isCut };
  }
}

/** What a statement without rows answers. */
interface Header {
  affectedRows: number | string;
  insertId: number | string;
}

/** What JSON can hold as it is comes as such, bytes as `\x..`, anything else as MySQL writes it. Never throws: it is the server's word. */
function readValue({ type, extendedFormat }: Field, value: unknown): Json {
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (typeof value === 'string') return type === 'JSON' || extendedFormat === 'json' ? readJson(value) : value;
  if (typeof value !== 'number') return null;
  if (!Number.isFinite(value)) return String(value);
  return type === 'FLOAT' ? shortest(value) : value;
}

/** A number of 32 bits by as few digits as name it: 1.1 rather than 1.100000023841858. Nine always do (IEEE 754). */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
