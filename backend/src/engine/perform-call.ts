import { ConnectorError, replyFieldsOf, type Step } from '@sluice/shared/connector';
import type { Broker, CallRecord } from '../broker/call.js';
import type { Timers } from '../platform/timers.js';
import { BoundNet } from './bound-net.js';
import { CallRefused } from './call-refused.js';
import { tooLarge } from './too-large.js';
import type { KeyedFile } from './file-row.js';
import { plainText } from './plain-text.js';
import { pauseFailure } from './pause-policy.js';
import type { PreparedCall } from './prepare-call.js';
import type { CallFailure } from './retry-policy.js';
import { jsonWithinLimit } from './run-keys.js';
import type { RunFiles } from './run-files.js';
import type { RunMemory } from './run-memory.js';

export interface CallResult {
  records: readonly CallRecord[];
  /** Files that it brought in. */
  files: readonly KeyedFile[];
  /** `found`: an earlier attempt had done it. */
  outcome: { ok: true; output: unknown; json: string; found: boolean } | { ok: false; failure: CallFailure };
}

export const defaultTimeoutSeconds = 30;
/** The broker takes no deadline further ahead. */
const longestTimeoutSeconds = 295;
/** How long the broker may take to notice an abort before we stop believing in it. */
const graceMs = 3000;

/** One attempt of one action. Never rejects. `check`: an earlier attempt may have worked, so look before writing again. */
export async function performCall(
  run: RunMemory,
  call: PreparedCall,
  {
    broker,
    files,
    timers,
    oursUntil,
    now,
    attempt,
    isRetry,
    check,
  }: {
    broker: Broker;
    files: RunFiles;
    timers: Timers;
    oursUntil: () => Promise<number | null>;
    now: number;
    attempt: number;
    /** An attempt before this one failed. */
    isRetry: boolean;
    check: boolean;
  },
): Promise<CallResult> {
  const { slot, action, step, planned, input } = call;
  const timeoutMs = 1000 * Math.min(step.timeoutSeconds ?? defaultTimeoutSeconds, longestTimeoutSeconds);
  const abort = new AbortController();
  const capability = broker.mint({
    workspace: run.deployment.workspace,
    environment: run.deployment.environment,
    flow: run.deployment.flow.id,
    version: run.deployment.version,
    run: run.id,
    step: planned.id,
    attempt,
    connection: slot.connection,
    connector: slot.connectorId,
    slot: step.slot,
    action: step.action,
    grant: slot.grant,
    connectorVersion: slot.connectorVersion,
    scopes: action.scopes,
    fields: call.fields,
    hosts: slot.hosts,
    call: `${action.method} ${action.path}`,
    reply: replyFieldsOf(slot.connector, action),
    deadline: now + timeoutMs + graceMs,
  });
  const net = new BoundNet(
    broker,
    capability,
    abort.signal,
    oursUntil,
    {
      ticket: (handle) => files.ticket(run, handle),
      keep: (when) => files.keep(run, when),
    },
    isRetry,
  );
  const bound: Step<unknown> = { config: slot.config, net, idempotencyKey: call.idempotencyKey, signal: abort.signal };
  run.aborts.add(abort);
  const timer = timers.after(timeoutMs, () => abort.abort());
  try {
    const { output, found } = await Promise.race([work(bound, call, check), silence(abort.signal, timers)]);
    return {
      records: net.records,
      files: net.kept,
      outcome: checkOutput(call, { output, found, reached: net.reached }),
    };
  } catch (error) {
    return {
      records: net.records,
      files: [],
      outcome: { ok: false, failure: explain(error, net, abort.signal.aborted) },
    };
  } finally {
    timer.cancel();
    run.aborts.delete(abort);
  }

  async function work(bound: Step<unknown>, { action, effect }: PreparedCall, look: boolean) {
    if (look && effect.class === 'checkable' && action.find !== undefined) {
      const earlier = await action.find(bound, input);
      if (earlier !== null) return { output: earlier, found: true };
    }
    return { output: await action.run(bound, input), found: false };
  }
}

/** What was done is done, whatever the answer looks like. */
function checkOutput(
  { action, slot }: PreparedCall,
  { output, found, reached }: { output: unknown; found: boolean; reached: boolean },
): CallResult['outcome'] {
  const failed = { mayRetry: false, uncertain: reached && !found };
  const parsed = action.output.safeParse(output);
  if (!parsed.success) {
    const message = `${slot.connector.base.title} answered in a form that the connector doesn't know.`;
    return { ok: false, failure: { code: 'connector.bad_reply', message, ...failed } };
  }
  const json = jsonWithinLimit(parsed.data);
  if (json === null) return { ok: false, failure: { ...tooLarge('output'), ...failed } };
  // What later steps read is what is kept: a replay must find the same.
  return { ok: true, output: JSON.parse(json), json, found };
}

/** Rejects when a call was stopped and its broker still says nothing. */
function silence(signal: AbortSignal, timers: Timers): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      timers.after(graceMs, () =>
        reject(new ConnectorError('unavailable', 'No answer came in time.', { uncertain: true })),
      );
    });
  });
}

/** What went wrong, in words for people. */
export function explain(error: unknown, net: Pick<BoundNet, 'reached'>, aborted: boolean): CallFailure {
  if (error instanceof CallRefused) {
    const { code, message, retryAfterSeconds } = error;
    return retryAfterSeconds === undefined
      ? { code, message, mayRetry: false, uncertain: false }
      : pauseFailure({ code, message, retryAfterSeconds }, net.reached);
  }
  if (error instanceof ConnectorError) {
    const { code, message, retryAfterSeconds, uncertain } = error;
    const mayRetry = code === 'rate-limited' || code === 'unavailable';
    return {
      code: aborted ? 'step.timeout' : `connector.${code.replace('-', '_')}`,
      message: plainText(message),
      mayRetry,
      // An answer that nobody understands is one to something that was done.
      uncertain: uncertain || (code === 'bad-reply' && net.reached),
      retryAfterSeconds,
    };
  }
  return {
    code: 'connector.broke',
    message: 'The connector failed in a way it should not; tell an admin.',
    mayRetry: false,
    uncertain: net.reached,
  };
}
