import type { Allowance } from '@sluice/shared/api';
import { type AllowanceKind, allowanceKinds, allowanceOf, type Asks, useKey } from './asks.js';

/** Calls of one kind that were made under a grant. */
export interface RecordedUse {
  call: string;
  host: string;
  scopes: string[];
  fields: string[];
  calls: number;
  /** Milliseconds since 1970. */
  lastUsedAt: number;
}

/** What a grant allowed at some time, and since when. */
export interface PastAllowance {
  allows: Allowance;
  since: number;
}

export interface Unused {
  unused: { kind: AllowanceKind; value: string; lastUsedAt: number | null }[];
  smaller: Allowance;
  calls: number;
  wouldHaveRefused: number;
}

/**
 * What of a grant was allowed all the time since `from` and not used in it, the grant without it, and how many of the
 * calls since then that one would have refused. A scope that a trigger needs shows in no call and is never unused.
 */
export function unusedOf(
  { allows, asks }: { allows: Allowance; asks: Asks },
  { uses, past, from }: { uses: readonly RecordedUse[]; past: readonly PastAllowance[]; from: number },
): Unused {
  const recent = uses.filter(({ lastUsedAt }) => lastUsedAt >= from);
  const unused = allowanceKinds.flatMap((kind) =>
    allows[kind].flatMap((value) => {
      const lastUsedAt = latest(uses.filter((use) => needs(use, kind, value)));
      const isOld = past.some(({ allows: before, since }) => since <= from && before[kind].includes(value));
      const isUsed = lastUsedAt !== null && lastUsedAt >= from;
      return isOld && !isUsed && !(kind === 'scopes' && isForTrigger(value, asks)) ? [{ kind, value, lastUsedAt }] : [];
    }),
  );
  const smaller = allowanceOf((kind) =>
    allows[kind].filter((value) => !unused.some((one) => one.kind === kind && one.value === value)),
  );
  return {
    unused,
    smaller,
    calls: sum(recent),
    wouldHaveRefused: sum(recent.filter((use) => !isAllowed(use, smaller))),
  };
}

function needs(use: RecordedUse, kind: AllowanceKind, value: string): boolean {
  switch (kind) {
    case 'scopes':
      return use.scopes.includes(value);
    case 'fields':
      return use.fields.includes(value);
    case 'hosts':
      return use.host === value;
    case 'calls':
      return isCall(value, use.call);
    // What a service put into its answers is not recorded.
    case 'replies':
      return true;
  }
}

/** A call is recorded with its own method and the path of the grant. */
function isCall(granted: string, call: string): boolean {
  return granted === call || (granted.startsWith('ANY ') && granted.slice(4) === call.slice(call.indexOf(' ') + 1));
}

function isAllowed(use: RecordedUse, allows: Allowance): boolean {
  return (
    allows.hosts.includes(use.host) &&
    allows.calls.some((call) => isCall(call, use.call)) &&
    use.scopes.every((scope) => allows.scopes.includes(scope)) &&
    use.fields.every((field) => allows.fields.includes(field))
  );
}

function isForTrigger(scope: string, { steps, calls }: Asks): boolean {
  const callers = new Set(calls.flatMap((call) => steps[useKey('calls', call)] ?? []));
  return (steps[useKey('scopes', scope)] ?? []).some((step) => !callers.has(step));
}

function latest(uses: readonly RecordedUse[]): number | null {
  return uses.length === 0 ? null : Math.max(...uses.map(({ lastUsedAt }) => lastUsedAt));
}

function sum(uses: readonly RecordedUse[]): number {
  return uses.reduce((total, { calls }) => total + calls, 0);
}
