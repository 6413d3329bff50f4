import { createHash } from 'node:crypto';
import { type AuditBlock, findLinkProblem, findRootProblem, leafHash } from '@sluice/shared/audit';
import type pg from 'pg';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

/** What is wrong with the chains in the database, by lane and block. */
export async function chainProblems(pool: pg.Pool): Promise<string[]> {
  const blocks = await pool.query('select lane, n::int, prev, root, count, hash from audit_block order by lane, n');
  const entries = await pool.query('select lane, block::int, body from audit_entry order by lane, block, pos');
  const leaves = Map.groupBy(entries.rows, ({ lane, block }) => `${lane} ${block}`);
  const problems: string[] = [];
  const heads = new Map<string, AuditBlock>();
  for (const block of blocks.rows) {
    const own = (leaves.get(`${block.lane} ${block.n}`) ?? []).map(({ body }) => leafHash(Buffer.from(body), sha256));
    const problem =
      findLinkProblem({ block, previous: heads.get(block.lane) }, sha256) ??
      findRootProblem({ block, leaves: own }, sha256);
    if (problem !== undefined) problems.push(`${block.lane} ${block.n}: ${problem}`);
    heads.set(block.lane, block);
  }
  return problems;
}
