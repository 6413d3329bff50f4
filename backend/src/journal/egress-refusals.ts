import { rolesWith } from '@sluice/shared/api';
import type { Journal } from './journal.js';
import type { NoticeCause } from './notice-cause.js';
import type { NewEntry } from './records.js';

/** A call that the broker did not make, or that reached nobody. Names of ours and what was asked for: no value, no secret. */
export interface RefusedCall {
  workspace: string;
  environment: string;
  flow: string | null;
  run: string | null;
  step: string | null;
  connection: string;
  /** Null when there was no host to read. */
  host: string | null;
  code: string;
  /** What callers are not told. */
  reason: { code: string; detail: string | null } | null;
}

export interface EgressRefusalsOptions {
  journal: Pick<Journal, 'append'>;
  now: () => number;
  onTrouble(error: unknown): void;
}

/** What the guard itself denied; the rest is a network that fails. */
const denials = new Set([
  'private_address',
  'private_name',
  'metadata',
  'own_address',
  'broker.host_not_allowed',
  'broker.call_not_allowed',
  'broker.bad_redirect',
  'broker.secret_clash',
  'egress.ip_literal',
  'egress.cleartext',
]);
const windowMs = 60_000;
/** Entries of one workspace in a window; what comes on top is counted. */
const mostEntries = 60;
/** As many denials in a window are no slip of the pen. */
const seriesLength = 20;
const mostNames = 20;

interface Window {
  began: number;
  entries: number;
  unlogged: number;
  denials: number;
  isTold: boolean;
  hosts: Set<string>;
  connections: Set<string>;
  flows: Set<string>;
}

/** Writes down what was refused on the way out, with the true reason, and tells admins of a sudden series once. */
export class EgressRefusals {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly options: EgressRefusalsOptions) {}

  /** Never throws, and keeps nobody waiting. */
  note(call: RefusedCall): void {
    const why = call.reason?.code ?? call.code;
    const isDenied = denials.has(why);
    if (!isDenied && call.code !== 'egress.unreachable') return;
    const window = this.windowOf(call.workspace);
    if (isDenied) count(window, call);
    const entries: NewEntry[] = [];
    const causes: NoticeCause[] = [];
    if (window.entries < mostEntries) entries.push(entryOf(call, why));
    else window.unlogged += 1;
    window.entries += entries.length;
    if (window.denials >= seriesLength && !window.isTold) {
      window.isTold = true;
      entries.push(seriesOf(call.workspace, window));
      causes.push(noticeOf(call.workspace, window));
    }
    this.write(entries, causes);
  }

  private windowOf(workspace: string): Window {
    const now = this.options.now();
    const known = this.windows.get(workspace);
    if (known !== undefined && now - known.began < windowMs) return known;
    if (known !== undefined && known.unlogged > 0) this.write([restOf(workspace, known)]);
    const opened: Window = {
      began: now,
      entries: 0,
      unlogged: 0,
      denials: 0,
      isTold: false,
      hosts: new Set(),
      connections: new Set(),
      flows: new Set(),
    };
    for (const [id, { began, unlogged }] of this.windows)
      if (now - began >= windowMs && unlogged === 0) this.windows.delete(id);
    this.windows.set(workspace, opened);
    return opened;
  }

  private write(entries: readonly NewEntry[], causes: readonly NoticeCause[] = []): void {
    if (entries.length > 0) this.options.journal.append({ entries, causes }).catch(this.options.onTrouble);
  }
}

function count(window: Window, { host, connection, flow }: RefusedCall): void {
  window.denials += 1;
  for (const [names, name] of [
    [window.hosts, host],
    [window.connections, connection],
    [window.flows, flow],
  ] as const)
    if (name !== null && names.size < mostNames) names.add(name);
}

/** Apart from its run: whoever sees a run is not told why a host could not be reached. */
function entryOf(
  { workspace, environment, flow, run, step, connection, host, code, reason }: RefusedCall,
  why: string,
): NewEntry {
  return {
    workspace,
    actor: run === null ? { kind: 'system', id: 'broker' } : { kind: 'run', id: run },
    action: 'egress.refused',
    subject: { kind: 'connection', id: connection },
    environment,
    detail: { host, code, reason: why, about: reason?.detail ?? null, flow, step },
  };
}

function seriesOf(workspace: string, { denials: times, hosts, connections, flows }: Window): NewEntry {
  return {
    workspace,
    actor: { kind: 'system', id: 'broker' },
    action: 'egress.refusal_series',
    detail: {
      times,
      withinSeconds: windowMs / 1000,
      hosts: [...hosts],
      connections: [...connections],
      flows: [...flows],
    },
  };
}

function noticeOf(workspace: string, { denials: times }: Window): NoticeCause {
  return {
    workspace,
    kind: 'egress.refused',
    about: { kind: 'workspace', id: workspace },
    audience: { roles: rolesWith('environments.manage') },
    detail: { times, withinSeconds: windowMs / 1000 },
  };
}

function restOf(workspace: string, { unlogged: times }: Window): NewEntry {
  const detail = { times, withinSeconds: windowMs / 1000 };
  return { workspace, actor: { kind: 'system', id: 'broker' }, action: 'egress.refused_more', detail };
}
