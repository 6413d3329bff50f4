import type { Allowance } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import type { GrantDifference } from './grant.entity.js';
import { changesOf } from './grant-changes.js';
import type { GrantRow } from './grants.repository.js';

/** What a request changes against what is in force now if that much of it is allowed. */
export function differenceOf(
  row: GrantRow,
  allowed: Allowance,
  connector: ConnectorDescription | undefined,
): GrantDifference {
  const { activeVersion: version, activeAllows } = row;
  const active = version === null || activeAllows === null ? null : { version, allows: activeAllows };
  return { active, ...changesOf({ ...allowed, steps: row.asks.steps }, activeAllows, connector) };
}
