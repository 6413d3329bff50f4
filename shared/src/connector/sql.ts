import type { Json } from '../lib/json.js';

/**
 * One statement for a database. `query` may only read; values go as `parameters`, never as text of the statement.
 */
export interface SqlRequest {
  do: 'query' | 'execute';
  statement: string;
  parameters: readonly (string | number | boolean | null)[];
  /** Rows that come in at most. */
  mostRows: number;
}

export type SqlRow = Readonly<Record<string, Json>>;

export type SqlReply =
  /** `changed`: rows that the statement wrote. `isCut`: there are more rows than may come in. */
  | { do: 'done'; rows: readonly SqlRow[]; changed: number; isCut: boolean }
  /** The database said no, and nothing was changed. `code` is its own; `isDenied`: the login may not do that. */
  | { do: 'refused'; code: string; message: string; isDenied: boolean };
