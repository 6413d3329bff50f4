import { rotatingPurposes } from '@sluice/shared/api';
import { z } from 'zod';
import { rowsOf } from '../../journal/rows.js';
import type { SqlRunner } from '../../platform/changes.js';
import type { RotatingPurpose } from '../../platform/keys/sealed-columns.js';

const versionSchema = z.object({
  workspace: z.string(),
  environment: z.string(),
  purpose: z.enum(rotatingPurposes),
  version: z.int(),
  created_at: z.date(),
  superseded_at: z.date().nullable(),
  rows_found: z.coerce.number().nullable(),
  rows_left: z.coerce.number().nullable(),
});
export type KeyVersion = z.output<typeof versionSchema>;

const wrappedSchema = z.object({
  workspace: z.string(),
  environment: z.string(),
  purpose: z.string(),
  version: z.int(),
  wrapped: z.string(),
  root_fingerprint: z.string(),
});
export type WrappedKey = z.output<typeof wrappedSchema>;

export interface KeyScope {
  workspace: string;
  /** `''` for the keys of the whole workspace. */
  environment: string;
}

const columns =
  'workspace_id as workspace, environment, purpose, version, created_at, superseded_at, rows_found, rows_left';

/** Of keys that seal, the versions that are not retired: of one workspace, of an environment of it where one is named. */
export async function listVersions(
  tx: SqlRunner,
  { workspace, environment, lock = false }: { workspace: string; environment?: string; lock?: boolean },
): Promise<KeyVersion[]> {
  const answer = await tx.query(
    `select ${columns} from wrapped_key
     where workspace_id = $1 and ($2::text is null or environment = $2) and purpose = any($3) and retired_at is null
     order by environment, purpose, version desc ${lock ? 'for update' : ''}`,
    [workspace, environment ?? null, rotatingPurposes],
  );
  return rowsOf(answer).map((row) => versionSchema.parse(row));
}

/** In all workspaces, the versions that a newer one took the place of. */
export async function listSuperseded(tx: SqlRunner): Promise<KeyVersion[]> {
  const answer = await tx.query(
    `select ${columns} from wrapped_key where superseded_at is not null and retired_at is null and purpose = any($1)
     order by superseded_at`,
    [rotatingPurposes],
  );
  return rowsOf(answer).map((row) => versionSchema.parse(row));
}

interface OfKey extends KeyScope {
  purpose: RotatingPurpose;
}

export async function supersede(tx: SqlRunner, of: OfKey & { before: number }): Promise<void> {
  await tx.query(
    `update wrapped_key set superseded_at = now()
     where workspace_id = $1 and environment = $2 and purpose = $3 and version < $4 and superseded_at is null`,
    [of.workspace, of.environment, of.purpose, of.before],
  );
}

export async function setRowsLeft(tx: SqlRunner, of: OfKey & { version: number; left: number }): Promise<void> {
  await tx.query(
    `update wrapped_key set rows_left = $5, rows_found = greatest(coalesce(rows_found, 0), $5)
     where workspace_id = $1 and environment = $2 and purpose = $3 and version = $4`,
    [of.workspace, of.environment, of.purpose, of.version, of.left],
  );
}

/** False when somebody else did so. Its wrapped form is destroyed. */
export async function retire(
  tx: SqlRunner,
  of: OfKey & { version: number; supersededForMs: number },
): Promise<boolean> {
  const answer = await tx.query(
    `update wrapped_key set retired_at = now(), wrapped = ''
     where workspace_id = $1 and environment = $2 and purpose = $3 and version = $4 and retired_at is null
       and superseded_at < now() - $5 * interval '1 millisecond' returning version`,
    [of.workspace, of.environment, of.purpose, of.version, of.supersededForMs],
  );
  return rowsOf(answer).length === 1;
}

/** Of the installation: those that this version of this root key wraps, and the others. */
export async function countByRoot(
  tx: SqlRunner,
  { fingerprint, version }: { fingerprint: string; version: string | null },
): Promise<{ current: number; older: number }> {
  const answer = await tx.query(
    `select count(*) filter (where is_current)::int as current, count(*) filter (where not is_current)::int as older
     from (select root_fingerprint = $1 and ($2::text is null or root_version = $2) as is_current
       from wrapped_key where retired_at is null) k`,
    [fingerprint, version],
  );
  return z.object({ current: z.int(), older: z.int() }).parse(rowsOf(answer)[0]);
}

export async function lockUnderOtherRoots(
  tx: SqlRunner,
  { fingerprint, version }: { fingerprint: string; version: string },
): Promise<WrappedKey[]> {
  const answer = await tx.query(
    `select workspace_id as workspace, environment, purpose, version, wrapped, root_fingerprint from wrapped_key
     where retired_at is null and (root_fingerprint <> $1 or root_version <> $2) for update`,
    [fingerprint, version],
  );
  return rowsOf(answer).map((row) => wrappedSchema.parse(row));
}

export async function setWrapped(
  tx: SqlRunner,
  { workspace, environment, purpose, version }: Omit<WrappedKey, 'wrapped' | 'root_fingerprint'>,
  by: { text: string; fingerprint: string; rootVersion: string },
): Promise<void> {
  await tx.query(
    `update wrapped_key set wrapped = $5, root_fingerprint = $6, root_version = $7
     where workspace_id = $1 and environment = $2 and purpose = $3 and version = $4`,
    [workspace, environment, purpose, version, by.text, by.fingerprint, by.rootVersion],
  );
}

/** By version of their key, the secrets of connections and the like: they can be counted, and not read. */
export async function countSecrets(tx: SqlRunner, { workspace, environment }: KeyScope): Promise<Map<number, number>> {
  const answer = await tx.query('select version, rows::int as rows from count_secrets($1, $2)', [
    workspace,
    environment,
  ]);
  const counted = z.array(z.object({ version: z.int(), rows: z.int() })).parse(rowsOf(answer));
  return new Map(counted.map(({ version, rows }) => [version, rows]));
}
