import { StartProblem } from '../../config/start-problem.js';
import type { Installation } from '../open-installation.js';
import { type Finding, warning, well, wrong } from './finding.js';

const dayMs = 86_400_000;
/** NIST SP 800-57 part 1, table 1: a key that wraps or encrypts is used for two years at most. */
const oldDays = 365;
const slowDays = 7;

/** The root key, its service, and the ages and rotations of the keys that it wraps. */
export async function checkKeys({ pool, keyring, clock }: Installation): Promise<Finding[]> {
  const { root } = keyring;
  const findings: Finding[] = [];
  const health = await root.current.health();
  if (health.ok)
    findings.push(well('keys', `The root key is ${root.current.name} (fingerprint ${root.current.fingerprint}).`));
  else findings.push(wrong('keys', `The root key is ${root.current.name}.`, health.message));
  if (health.ok) findings.push(await checkOpens(keyring));
  const { rows } = await pool.query<{ fingerprint: string; rows: number }>(
    'select root_fingerprint as fingerprint, count(*)::int as rows from wrapped_key where retired_at is null group by 1',
  );
  for (const { fingerprint, rows: count } of rows.filter((row) => row.fingerprint !== root.current.fingerprint))
    findings.push(
      warning(
        'keys',
        `${count} keys are wrapped by an older root key (${fingerprint}).`,
        'Run "npm run cli -- keys rotate --root".',
      ),
    );
  for (const before of root.all.slice(1).filter((one) => !rows.some((row) => row.fingerprint === one.fingerprint)))
    findings.push(
      well('keys', `No key needs ${before.name} any more: keep it as long as you keep backups from before.`),
    );
  findings.push(...(await checkAges(pool, clock.now())));
  return findings;
}

async function checkOpens(keyring: Installation['keyring']): Promise<Finding> {
  try {
    await keyring.verify();
    return well('keys', 'It opens the keys of this database.');
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    return wrong('keys', "It does not open this database's keys.", error.message);
  }
}

async function checkAges(pool: Installation['pool'], now: number): Promise<Finding[]> {
  const { rows } = await pool.query<{
    name: string;
    version: number;
    created_at: Date;
    superseded_at: Date | null;
    left: string | null;
  }>(
    `select concat_ws(' ', nullif(workspace_id, ''), nullif(environment, ''), purpose) as name, version, created_at, superseded_at,
       rows_left as left from wrapped_key
     where retired_at is null and purpose in ('secret', 'payload', 'endpoint', 'member') order by 1`,
  );
  const old = rows.filter((row) => row.superseded_at === null && now - row.created_at.getTime() > oldDays * dayMs);
  const slow = rows.filter(({ superseded_at: at }) => at !== null && now - at.getTime() > slowDays * dayMs);
  const findings = [
    ...old.map(({ name, version, created_at: at }) =>
      warning(
        'keys',
        `The key "${name}" (version ${version}) is from ${at.toISOString().slice(0, 10)}.`,
        'Rotate it: "npm run cli -- keys rotate --help".',
      ),
    ),
    ...slow.map(({ name, version, left }) =>
      warning(
        'keys',
        `Version ${version} of the key "${name}" is still used by ${left ?? 'an unknown number of'} rows.`,
        'Start a process with the role server, which wraps them anew; its log says what hinders it.',
      ),
    ),
  ];
  return findings.length > 0
    ? findings
    : [well('keys', `${rows.length} keys that seal, none older than ${oldDays} days.`)];
}
