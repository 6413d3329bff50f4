import { keyIdOf, openCheckpoint, readNoteKey, toHex } from '@sluice/shared/audit';
import type { KeyObject } from 'node:crypto';
import { StartProblem } from '../../config/start-problem.js';
import { sealKeyOf, sha256, verifyEd25519 } from '../../journal/seal-key.js';
import { SealBroken } from '../../platform/keys/gcm.js';
import { KeyServiceAway } from '../../platform/keys/key-service.js';
import type { Installation } from '../open-installation.js';
import { type Finding, warning, well, wrong } from './finding.js';

const dayMs = 86_400_000;
/** As of the keys that seal. */
const oldDays = 365;

interface Rotation {
  version: number;
  before: string;
  key: string;
  statement: string;
}

/** The key that signs the log: whether it is there, how old it is, and whether each one before it said who takes over. */
export async function checkLogKey({ pool, keyring, clock }: Installation): Promise<Finding[]> {
  const { rows: newest } = await pool.query<{ note: string }>(
    'select note from audit_checkpoint order by size desc limit 1',
  );
  const note = newest[0]?.note;
  if (note === undefined) return [well('keys', 'The log has no checkpoint yet.')];
  const { rows: rotations } = await pool.query<Rotation>(
    'select version, before, key, statement from audit_key_rotation order by version',
  );
  const broken = rotations.find(
    ({ statement, before }, i) => !isSignedBy(statement, before) || (i > 0 && rotations[i - 1]?.key !== before),
  );
  if (broken !== undefined)
    return [
      wrong(
        'keys',
        `The log's key version ${broken.version} took over without a statement of the key before it.`,
        'Restore the database from a backup: the rotation was changed.',
      ),
    ];
  const version = rotations.at(-1)?.version ?? 1;
  const seed = await findSeed(keyring, version);
  if (seed === 'unknown') return [];
  const origin = note.slice(0, note.indexOf('\n'));
  const noteKey = seed && sealKeyOf(seed, origin).noteKey;
  if (noteKey === null || openCheckpoint(note, noteKey, { sha256, verify: verifyEd25519 }) === undefined)
    return [
      wrong(
        'keys',
        `The newest checkpoint of the log is not signed by its key (version ${version}).`,
        'Put the root key back, or restore the database from a backup.',
      ),
    ];
  const { rows } = await pool.query<{ at: Date }>(
    `select created_at as at from wrapped_key where purpose = 'checkpoint' and workspace_id = '' and version = $1`,
    [version],
  );
  const since = rows[0]?.at ?? clock.date();
  const what = `The key that signs the log is ${toHex(keyIdOf(noteKey, sha256))} (version ${version}), from ${since.toISOString().slice(0, 10)}`;
  return clock.now() - since.getTime() > oldDays * dayMs
    ? [warning('keys', `${what}.`, 'Rotate it: Settings, Keys, Log key.')]
    : [well('keys', `${what}; ${rotations.length} rotations, each signed by the key before it.`)];
}

function isSignedBy(statement: string, keyText: string): boolean {
  const key = readNoteKey(keyText, sha256);
  return key !== undefined && openCheckpoint(statement, key, { sha256, verify: verifyEd25519 }) !== undefined;
}

/** Null: it is not there. Of a root key that does not answer, or does not open it, is said elsewhere. */
async function findSeed(keyring: Installation['keyring'], version: number): Promise<KeyObject | 'unknown' | null> {
  try {
    return (await keyring.keys('', '', 'checkpoint')).find(version);
  } catch (error) {
    if (error instanceof KeyServiceAway || error instanceof StartProblem) return 'unknown';
    if (error instanceof SealBroken) return null;
    throw error;
  }
}
