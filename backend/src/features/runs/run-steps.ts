import type { RunStep } from '@sluice/shared/api';
import type { AuditEntryBody } from '@sluice/shared/audit';
import { everyStep, type Graph, isContainer, type Step } from '@sluice/shared/flow';
import { type CallDetail, type EntryDetail, readDetail } from './entry-detail.js';
import type { Passes, RunLog } from './run-log.js';
import type { RunPayloads } from './run-payloads.js';

type Attempt = RunStep['attempts'][number];

/** Where steps are told of: the flow itself, or one pass through a loop. */
export interface Scene {
  graph: Graph;
  /** `''`, `[3.0]`. */
  at: string;
  /** The loop around, by its id. */
  inside: string | null;
}

/**
 * The steps of a scene, told from their entries in the log and their payloads: those that began or were decided, in the
 * order of the document. What has no entry yet isn't listed.
 */
export function tellSteps({ graph, at, inside }: Scene, log: RunLog, payloads: RunPayloads): RunStep[] {
  const known = new Map<string, Step>(graph.steps.map((step) => [step.id, step]));
  const told = new Map<string, RunStep>();
  const tell = (id: string): RunStep | null => {
    const step = known.get(id);
    if (step === undefined) return null;
    const found = told.get(id) ?? blank(step, { at, inside });
    told.set(id, found);
    return found;
  };
  for (const entry of log.at(at)) {
    const detail = readDetail(entry.detail);
    if (entry.action === 'run.started') startTrigger(graph, entry, tell);
    for (const id of entry.action === 'step.skipped' ? detail.steps : []) markSkipped(tell(id), entry.at);
    const step = entry.step === undefined ? null : tell(entry.step);
    if (step !== null) takeEntry(step, entry, detail);
  }
  for (const step of told.values()) addPayloads(step, payloads);
  return graph.steps.flatMap((step) => {
    const found = told.get(step.id);
    if (found === undefined) return [];
    if (isContainer(step)) addPasses(found, log.passesOf(at, new Set([...everyStep(step)].map(({ id }) => id))));
    return [found];
  });
}

/** Steps inside of loops that wait for a person: in doubt, or asking. */
export function tellAsking(document: Graph, log: RunLog, payloads: RunPayloads): RunStep[] {
  const places = new Set(
    log.entries.flatMap(({ action, pass }) =>
      pass !== undefined && (action === 'step.in_doubt' || action === 'step.waiting') ? [`[${pass}]`] : [],
    ),
  );
  const containers = [...everyStep(document)].filter(isContainer);
  return [...places].flatMap((at) =>
    containers
      .flatMap((container) => tellSteps({ graph: container, at, inside: container.id }, log, payloads))
      .filter(({ status, ask }) => status === 'in_doubt' || (status === 'waiting' && ask !== null)),
  );
}

function addPasses(step: RunStep, { begun, failed }: Passes): void {
  step.passes = { total: step.passes?.total ?? null, begun, failed: failed.size };
}

function blank({ id, kind, name }: Step, { at, inside }: Pick<Scene, 'at' | 'inside'>): RunStep {
  return {
    id,
    key: id + at,
    inside,
    kind,
    name: name ?? null,
    status: 'running',
    startedAt: null,
    endedAt: null,
    port: null,
    until: null,
    attempts: [],
    masked: [],
    error: null,
    effect: null,
    ask: null,
    passes: null,
    child: null,
  };
}

function startTrigger({ steps }: Graph, { at }: AuditEntryBody, tell: (id: string) => RunStep | null): void {
  const trigger = steps.find(({ kind }) => kind === 'trigger');
  const step = trigger === undefined ? null : tell(trigger.id);
  if (step !== null) Object.assign(step, { status: 'succeeded', startedAt: at, endedAt: at, port: 'next' });
}

function markSkipped(step: RunStep | null, at: string): void {
  if (step !== null) Object.assign(step, { status: 'skipped', endedAt: at });
}

function takeEntry(step: RunStep, { action, at, attempt = 1 }: AuditEntryBody, detail: EntryDetail): void {
  step.startedAt ??= at;
  switch (action) {
    case 'step.succeeded':
      Object.assign(step, { status: 'succeeded', endedAt: at, port: detail.port, until: null });
      break;
    case 'step.failed':
      Object.assign(step, { status: 'failed', endedAt: at, port: detail.port });
      break;
    case 'step.reused':
      Object.assign(step, { status: 'succeeded', endedAt: at, port: detail.port });
      break;
    case 'step.started':
      step.passes = { total: detail.items, begun: 0, failed: 0 };
      break;
    case 'step.waiting':
      Object.assign(step, { status: 'waiting', until: detail.until, child: detail.child });
      if (detail.for !== null) step.ask = { kind: detail.for, ...askedNothing };
      break;
    case 'step.intent':
      Object.assign(step, {
        status: 'running',
        until: null,
        effect: detail.effect === null ? null : { class: detail.effect, done: 'unknown' },
      });
      step.attempts.push({
        attempt,
        startedAt: at,
        endedAt: null,
        status: 'running',
        error: null,
        call: detail.call === '' ? null : intendedCall(detail),
      });
      break;
    case 'step.in_doubt':
      Object.assign(step, { status: 'in_doubt', endedAt: null });
      endAttempt(step, { attempt, at, status: 'in_doubt', detail });
      break;
    case 'step.outcome':
      takeOutcome(step, { attempt, at, detail });
      break;
    case 'step.resolved':
      takeResolution(step, at, detail);
      break;
  }
}

const askedNothing = { question: null, details: {}, deciders: [], mayDecide: false };

function takeOutcome(
  step: RunStep,
  { attempt, at, detail }: { attempt: number; at: string; detail: EntryDetail },
): void {
  const succeeded = detail.status === 'succeeded';
  endAttempt(step, { attempt, at, status: succeeded ? 'succeeded' : 'failed', detail });
  if (step.effect !== null) step.effect.done = succeeded ? 'yes' : detail.uncertain ? 'unknown' : 'no';
  if (detail.retryAt !== null) Object.assign(step, { status: 'waiting', until: detail.retryAt });
  else Object.assign(step, { status: succeeded ? 'succeeded' : 'failed', endedAt: at, port: detail.port, until: null });
}

/** What a person said of a step in doubt: it happened, or it may be tried again. */
function takeResolution(step: RunStep, at: string, { happened }: EntryDetail): void {
  if (step.effect !== null) step.effect.done = happened ? 'yes' : 'no';
  Object.assign(step, happened ? { status: 'succeeded', endedAt: at, port: 'next' } : { status: 'running' });
}

function endAttempt(
  step: RunStep,
  { attempt, at, status, detail }: { attempt: number; at: string; status: Attempt['status']; detail: EntryDetail },
): void {
  const tried = step.attempts.findLast((one) => one.attempt === attempt);
  if (tried === undefined) return;
  const last = detail.calls.at(-1);
  Object.assign(tried, { status, endedAt: at });
  if (detail.errorCode !== null) tried.error = { code: detail.errorCode, message: '' };
  if (tried.call !== null && last !== undefined) Object.assign(tried.call, madeCall(last));
}

function intendedCall(detail: EntryDetail): Attempt['call'] {
  const [method = '', path = ''] = detail.call.split(' ');
  return {
    connection: detail.connection,
    grant: detail.grant,
    host: detail.hosts[0] ?? '',
    method,
    path,
    status: null,
    bytes: null,
  };
}

function madeCall({ host, method, path, status, bytesSent, bytesReceived }: CallDetail) {
  return { host, method, path, status, bytes: bytesSent + bytesReceived };
}

function addPayloads(step: RunStep, payloads: RunPayloads): void {
  const input = payloads.input(step.key);
  const output = step.kind === 'trigger' ? payloads.event() : payloads.output(step.key);
  if (input !== undefined) step.input = input;
  const lines = payloads.console(step.key);
  if (output !== undefined) step.output = output;
  if (lines !== undefined) step.console = lines;
  for (const attempt of step.attempts) {
    if (attempt.error !== null) attempt.error = payloads.error(step.key, attempt.attempt) ?? attempt.error;
  }
  if (step.status === 'failed' || step.status === 'in_doubt' || step.status === 'waiting') {
    step.error = step.attempts.at(-1)?.error ?? payloads.error(step.key, 0) ?? null;
  }
}
