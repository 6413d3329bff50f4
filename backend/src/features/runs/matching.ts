import type { RunStatus } from '@sluice/shared/api';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import { errorCondition, likeText } from './error-filter.js';
import { isClosedLetter, isOpenLetter, isOwned } from './letters/dead-letter.js';
import type { RunEntity } from './run.entity.js';

export interface RunFilter {
  flow?: string | undefined;
  environment?: string | undefined;
  status?: RunStatus | undefined;
  connector?: string | undefined;
  error?: string | undefined;
  /** Of the business key, as runs keep it. */
  key?: string | undefined;
  letter?: 'open' | 'closed' | undefined;
  /** Member who owns its flow. */
  owner?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Part of a run's id, or of its flow's name. */
  q?: string | undefined;
}

/** By the version that ran: what it was made for may have changed since. */
const usesConnector = `exists (select from flow_version v, json_each(v.document -> 'slots') s
  where v.flow_id = run.flow_id and v.version = run.version and s.value ->> 'connector' = :connector)`;

/** The runs of a workspace that a filter matches, in no order. */
export function matching(
  runs: Repository<RunEntity>,
  workspace: string,
  filter: RunFilter,
): SelectQueryBuilder<RunEntity> {
  const query = indexed(runs, workspace, filter);
  narrowing(filter)?.(query);
  return query;
}

/** What an index finds of them. */
export function indexed(
  runs: Repository<RunEntity>,
  workspace: string,
  filter: RunFilter,
): SelectQueryBuilder<RunEntity> {
  const query = runs.createQueryBuilder('run').where('run.workspaceId = :workspace', { workspace });
  if (filter.flow !== undefined) query.andWhere('run.flowId = :flow', filter);
  if (filter.status !== undefined) query.andWhere('run.status = :status', filter);
  // Those that are open have an index of their own.
  if (filter.status === 'waiting' || filter.status === 'running') query.andWhere('run.endedAt is null');
  // As the index of runs that went badly says it: no other has an error.
  if (filter.error !== undefined) query.andWhere(`run.status in ('failed', 'cancelled', 'in_doubt')`);
  if (filter.key !== undefined) query.andWhere('run.key = :key', filter);
  if (filter.letter !== undefined) query.andWhere(filter.letter === 'open' ? isOpenLetter : isClosedLetter);
  if (filter.from !== undefined) query.andWhere('run.startedAt >= :from', filter);
  if (filter.to !== undefined) query.andWhere('run.startedAt < :to', filter);
  if (filter.q !== undefined && isRunId(filter.q)) query.andWhere('run.id = :q', filter);
  return query;
}

/** Adds what only the rows themselves tell; null where the filter asks for nothing of the kind. */
export function narrowing(filter: RunFilter): ((query: SelectQueryBuilder<RunEntity>) => void) | null {
  const { environment, error, connector, owner, q } = filter;
  const text = q === undefined || isRunId(q) ? undefined : likeText(q);
  if ([environment, error, connector, owner, text].every((part) => part === undefined)) return null;
  return (query) => {
    if (environment !== undefined) query.andWhere('run.environment = :environment', { environment });
    if (error !== undefined) query.andWhere(errorCondition, { error: likeText(error) });
    if (connector !== undefined) query.andWhere(usesConnector, { connector });
    if (owner !== undefined) query.andWhere(isOwned, { owner });
    if (text !== undefined)
      query.andWhere(
        '(run.id ilike :text or exists (select from flow f where f.id = run.flow_id and f.name ilike :text))',
        { text },
      );
  };
}

function isRunId(text: string): boolean {
  return /^run_[0-9a-f]{36}$/.test(text);
}
