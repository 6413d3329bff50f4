import type pg from 'pg';
import type { Changes } from '../platform/changes.js';
import { type Keyring } from '../platform/keys/keyring.js';
import { learnMilliseconds } from '../platform/keys/wrapped-keys.js';
import { reseal } from '../platform/keys/reseal.js';
import { sealedColumns } from '../platform/keys/sealed-columns.js';

const everyMs = 60_000;

interface Parts {
  pool: pg.Pool;
  keyring: Keyring;
  changes: Pick<Changes, 'on' | 'publish'>;
  report: (error: unknown) => void;
}

/** Wraps the data keys of secrets anew after a rotation: the broker alone may read them. Answers how to stop it. */
export function startResealing({ pool, keyring, changes, report }: Parts): () => Promise<void> {
  let soon: NodeJS.Timeout | null = null;
  let working: Promise<void> = Promise.resolve();
  const work = () => {
    working = working.then(async () => {
      const rows = await resealSecrets(pool, keyring);
      // Whoever counts what is left does so now.
      if (rows > 0) changes.publish('keys', ['secrets']);
    }, report);
    working.catch(report);
  };
  const timer = setInterval(work, everyMs).unref();
  const release = changes.on('keys', (ids) => {
    if (ids !== null && !ids.some((id) => id.startsWith('secret|'))) return;
    soon ??= setTimeout(() => {
      soon = null;
      work();
    }, learnMilliseconds + 500).unref();
  });
  work();
  return async () => {
    release();
    clearInterval(timer);
    if (soon !== null) clearTimeout(soon);
    await working.catch(report);
  };
}

/** Answers how many were wrapped anew. */
export async function resealSecrets(pool: pg.Pool, keyring: Keyring): Promise<number> {
  const { rows } = await pool.query<{ workspace: string; environment: string }>(
    `select distinct workspace_id as workspace, environment from wrapped_key
     where purpose = 'secret' and superseded_at is not null and retired_at is null`,
  );
  let total = 0;
  for (const place of rows) {
    const keys = await keyring.refresh({ ...place, purpose: 'secret' });
    for (const column of sealedColumns.filter(({ purpose }) => purpose === 'secret'))
      total += await reseal(pool, column, { keys, place });
  }
  return total;
}
