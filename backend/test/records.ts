import type { Capability } from '../src/broker/call.js';
import type { JournalRecord, NewRun } from '../src/journal/records.js';
import { newId } from '../src/platform/ids.js';

/** A run as the journal is given it, under way in `dev` of `wsp_1`. */
export function aNewRun(more: Partial<NewRun> = {}): NewRun {
  const id = more.id ?? newId('run');
  return {
    id,
    workspace: 'wsp_1',
    flow: 'flw_1',
    version: 1,
    environment: 'dev',
    deployment: 'dep_1',
    event: null,
    startedBy: 'manual',
    parent: null,
    depth: 0,
    retryOf: null,
    key: null,
    inLine: false,
    origin: id,
    status: 'running',
    owner: 'prc_1',
    payloadKey: 'key',
    error: null,
    startedAt: 1_700_000_000_123,
    endedAt: null,
    dueAt: null,
    keepDays: 90,
    ...more,
  };
}

/** A run that begins, with its line in the log. */
export function beginning(more: Partial<NewRun>): JournalRecord & { run: NewRun } {
  const run = aNewRun(more);
  const { id, workspace } = run;
  return { run, entries: [{ workspace, actor: { kind: 'run', id }, action: 'run.started', run: id }] };
}

/** What a capability for one call says, in `dev` of `wsp_1`, good for a minute from `now` on. */
export function aClaim({ now, ...given }: Partial<Capability> & { now: number }): Omit<Capability, 'nonce' | 'mac'> {
  return {
    workspace: 'wsp_1',
    environment: 'dev',
    flow: 'flw_1',
    version: 1,
    run: 'run_1',
    step: 'order',
    attempt: 1,
    connection: 'con_1',
    connector: 'http',
    slot: 'crm',
    action: 'request',
    grant: null,
    connectorVersion: 'v1',
    scopes: [],
    fields: [],
    hosts: [],
    call: 'ANY /*',
    reply: null,
    deadline: now + 60_000,
    ...given,
  };
}
