import { type PollItem, replyFieldsOf } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import type { Broker, CallRecord } from '../../broker/call.js';
import { BoundNet } from '../../engine/bound-net.js';
import { CallRefused } from '../../engine/call-refused.js';
import { explain } from '../../engine/perform-call.js';
import type { CallFailure } from '../../engine/retry-policy.js';
import { mark, type Watch } from './watch.js';

const patienceMs = 60_000;
/** How long the broker may take to notice an abort. */
const graceMs = 3000;

/** What a look saw. */
export type Sight = { records: readonly CallRecord[] } & (
  | { ok: true; items: readonly PollItem[]; next: (left: ReadonlySet<string>) => Json; warning: string | null }
  | { ok: false; failure: CallFailure }
);

/** Asks the service once, with the connection and the grant of the trigger's slot. Never rejects. */
export async function look(
  watch: Watch,
  { cursor, at, broker, signal }: { cursor: string | null; at: number; broker: Broker; signal: AbortSignal },
): Promise<Sight> {
  const { action, deployment, slot, poll, params } = watch;
  const until = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const capability = broker.mint({
    workspace: watch.workspace,
    environment: watch.environment,
    flow: watch.flow,
    version: deployment.version,
    run: null,
    step: watch.step,
    attempt: 1,
    connection: slot.connection,
    connector: slot.connectorId,
    slot: slot.name,
    action: poll.action,
    grant: slot.grant,
    connectorVersion: slot.connectorVersion,
    scopes: action.scopes,
    fields: [],
    hosts: slot.hosts,
    call: `${action.method} ${action.path}`,
    reply: replyFieldsOf(slot.connector, action),
    deadline: at + patienceMs + graceMs,
  });
  const net = new BoundNet(broker, capability, until, async () => at + patienceMs, noFiles);
  const { config } = slot;
  try {
    const glance = { params, cursor: cursor === null ? null : JSON.parse(cursor), at, mark };
    const input = action.input.parse(poll.input(glance));
    const output = await action.run({ config, net, idempotencyKey: capability.nonce, signal: until }, input);
    const { items, next, warning = null } = poll.read(glance, action.output.parse(output));
    return { ok: true, records: net.records, items, next, warning };
  } catch (error) {
    return { ok: false, records: net.records, failure: explain(error, net, until.aborted) };
  }
}

/** A look brings no file in and sends none. */
const noFiles = {
  async ticket(): Promise<never> {
    throw new CallRefused('file.unknown', 'A look for news has no files.');
  },
  keep: () => null,
};
