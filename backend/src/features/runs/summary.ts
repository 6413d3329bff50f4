import type { RunSummary } from '@sluice/shared/api';
import { type Masking, maskSentence } from '@sluice/shared/flow';
import { letterOf } from './letters/dead-letter.js';
import type { RunEntity } from './run.entity.js';

/** What ids of a run stand for. */
export interface Names {
  flows: ReadonlyMap<string, string>;
  /** By the flow that they own. */
  owners: ReadonlyMap<string, { id: string; name: string }>;
  members: ReadonlyMap<string, string>;
}

/** `masking` masks what the message of a failure may quote; without it the message is as it is. */
export function toSummary(run: RunEntity, names: Names, masking?: Masking): RunSummary {
  return {
    id: run.id,
    flow: { id: run.flowId, name: names.flows.get(run.flowId) ?? '' },
    version: run.version,
    environment: run.environment,
    status: run.status,
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    startedBy: run.startedBy,
    parent: run.parentRun === null ? null : { run: run.parentRun, step: run.parentStep ?? '', waits: run.parentWaits },
    retryOf: run.retryOf,
    event: run.eventId,
    inLine: run.endedAt === null && Number(run.inLine) > 0,
    error:
      run.error === null || masking === undefined
        ? run.error
        : { ...run.error, message: maskSentence(run.error.message, masking) },
    owner: names.owners.get(run.flowId) ?? null,
    letter: letterOf(run),
    erasedAt: run.erasedAt?.toISOString() ?? null,
    closed: closedOf(run, names),
  };
}

function closedOf({ closedAt, closedBy, closedReason }: RunEntity, { members }: Names): RunSummary['closed'] {
  if (closedAt === null) return null;
  const by = { id: closedBy ?? '', name: members.get(closedBy ?? '') ?? '' };
  return { at: closedAt.toISOString(), by, reason: closedReason ?? '' };
}
