import type { rotatingPurposes } from '@sluice/shared/api';
import type { KeySet } from './key-set.js';
import { rewrapPayloadKey } from './payload-sealing.js';
import { resealBytes, resealText } from './sealing.js';

export type RotatingPurpose = (typeof rotatingPurposes)[number];

/** A column whose values a rotating key seals, and all that is needed to wrap them anew. */
export interface SealedColumn {
  table: string;
  column: string;
  purpose: RotatingPurpose;
  /** Name and type of each column that a row is found by. */
  keys: readonly { name: string; type: 'text' | 'int' }[];
  /** Which rows `t` are of the workspace $1 and its environment $2. */
  scope: string;
  /** SQL for the version that a row `t` is sealed with. */
  version: string;
  form: 'text' | 'bytea';
  /** Throws SealBroken. */
  reseal(keys: KeySet, sealed: Buffer | string, row: SealedRow): Buffer | string;
}

interface SealedRow {
  workspace: string;
  environment: string;
  /** As text, in the order of `keys`. */
  key: readonly string[];
}

const own = 't.workspace_id = $1 and t.environment = $2';
const versioned = (owner: string) =>
  [
    { name: owner, type: 'text' },
    { name: 'version', type: 'int' },
  ] as const;
const textKey = (...names: string[]) => names.map((name) => ({ name, type: 'text' }) as const);

type TextColumn = Omit<SealedColumn, 'version' | 'form' | 'reseal'> & {
  /** How the place names the row; the key's parts with colons between them unless said. */
  rowOf?: (key: readonly string[]) => string;
};

function textColumn({ rowOf = (key) => key.join(':'), ...column }: TextColumn): SealedColumn {
  const { table, column: name, purpose } = column;
  return {
    ...column,
    version: `substring(t.${name} from '^v([0-9]+)[.]')::int`,
    form: 'text',
    reseal: (keys, sealed, { workspace, environment, key }) =>
      resealText(keys, String(sealed), { purpose, workspace, environment, table, row: rowOf(key), column: name }),
  };
}

function bytesColumn(
  column: Omit<SealedColumn, 'version' | 'form' | 'purpose' | 'reseal'>,
  placeOf: (row: SealedRow) => string,
): SealedColumn {
  const value = `t.${column.column}`;
  return {
    ...column,
    purpose: 'payload',
    form: 'bytea',
    // The head that envelope.ts writes; what has none was sealed with the first version.
    version: `case when substring(${value} for 4) = '\\x534c4302' then ('x' || encode(substring(${value} from 5 for 4), 'hex'))::bit(32)::int else 1 end`,
    reseal: (keys, sealed, row) => resealBytes(keys, Buffer.from(sealed), placeOf(row)),
  };
}

/** Everything that a rotation has to wrap anew. Values that end within a day by themselves are not among them. */
export const sealedColumns: readonly SealedColumn[] = [
  ...['connection_secret', 'oauth_token'].map((table) =>
    textColumn({
      table,
      column: 'sealed',
      purpose: 'secret',
      keys: versioned('connection_id'),
      scope:
        'exists (select from connection c where c.id = t.connection_id and c.workspace_id = $1 and c.environment = $2)',
    }),
  ),
  textColumn({
    table: 'notice_webhook_secret',
    column: 'sealed',
    purpose: 'secret',
    keys: versioned('workspace_id'),
    scope: "t.workspace_id = $1 and $2 = ''",
    rowOf: ([, version = '']) => version,
  }),
  textColumn({
    table: 'endpoint_secret',
    column: 'sealed',
    purpose: 'endpoint',
    keys: versioned('endpoint_id'),
    scope: 'exists (select from endpoint e where e.id = t.endpoint_id and e.workspace_id = $1 and e.environment = $2)',
  }),
  ...['totp_sealed', 'totp_pending_sealed'].map((column) =>
    textColumn({
      table: 'member',
      column,
      purpose: 'member',
      keys: textKey('id'),
      scope: "t.workspace_id = $1 and $2 = ''",
    }),
  ),
  {
    table: 'run',
    column: 'payload_key',
    purpose: 'payload',
    keys: textKey('id'),
    scope: own,
    version: "substring(t.payload_key from '^v([0-9]+)[.]')::int",
    form: 'text',
    reseal: (keys, sealed, { key }) => rewrapPayloadKey(keys, String(sealed), `payload|${key[0]}`),
  },
  textColumn({ table: 'erasure', column: 'value_sealed', purpose: 'payload', keys: textKey('id'), scope: own }),
  ...(['question', 'answer'] as const).map((column) =>
    bytesColumn({ table: 'ask', column, keys: textKey('run_id', 'step_key'), scope: own }, ({ key: [run, step] }) =>
      ['ask', run, step, column].join('|'),
    ),
  ),
  bytesColumn(
    { table: 'flow_state', column: 'value', keys: textKey('flow_id', 'environment', 'key_hash'), scope: own },
    ({ key }) => ['state', ...key].join('|'),
  ),
  bytesColumn(
    {
      table: 'flow_state_write',
      column: 'result',
      keys: textKey('run_id', 'step_key'),
      scope: 'exists (select from run r where r.id = t.run_id and r.workspace_id = $1 and r.environment = $2)',
    },
    ({ key }) => ['state-write', ...key].join('|'),
  ),
];
