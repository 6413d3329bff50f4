import type { Credential } from './credential.js';
import { assertGrantedHost } from './assert-standing.js';
import type { CallRecord } from './call.js';
import type { FoundRoute } from './egress/egress.js';
import type { Target } from './egress/target.js';
import { type Gate, openGate } from './gate.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { type CallEnd, circuitOf } from './limits/circuits.js';
import { assertWithinLimits } from './limits/assert-within-limits.js';
import { CallEnded, late, putOff } from './refusal.js';

/**
 * Waits for a place, checks again (a revocation may have come meanwhile), finds the checked address, reads the secret and
 * sends; the gate is for what may come until bytes go out. A host that is denied goes the same way as one that is down.
 * Keeps the call's record. Throws CallEnded.
 */
export async function sendInTurn<Result>(
  outlet: Outlet,
  call: CheckedCall,
  job: {
    target: Target;
    record: CallRecord;
    bytes: number;
    send(auth: Credential, found: FoundRoute, rest: { milliseconds: number; gate: Gate }): Promise<Result>;
  },
): Promise<Result> {
  const { capability, signal } = call;
  const { record } = job;
  const started = outlet.now();
  const left = () => Math.max(0, capability.deadline - outlet.now());
  const circuit = circuitOf({ workspace: capability.workspace, host: record.host });
  assertNotDown(outlet.circuits.enter(circuit), record.host);
  let end: CallEnd = 'unsent';
  let leave = () => {};
  try {
    assertMayRetry(outlet.retries.enter(circuit, call.isRetry ?? false), record.host);
    leave = await outlet.bulkhead.enter(record.host, { milliseconds: left(), signal });
    const check = async () => {
      if (call.isLate()) throw late;
      const checked = await call.checkAgain();
      assertGrantedHost(capability, checked, job.target);
      return { ...checked, isCurrent: () => !call.isLate() && checked.isCurrent() };
    };
    const standing = await check();
    const gate = openGate(standing, check);
    await assertWithinLimits(outlet.leases, capability, standing);
    end = 'failed';
    const found = await outlet.egress.findRoute(job.target, standing.policy);
    const secret = await call.secret(standing);
    await gate.pass();
    const result = await job.send(secret, found, { milliseconds: left(), gate });
    end = 'answered';
    record.bytesSent = job.bytes;
    return result;
  } catch (error) {
    if (record.status !== null || (error instanceof CallEnded && error.failure.uncertain)) record.bytesSent = job.bytes;
    if (end === 'failed') end = endOf(error);
    throw error;
  } finally {
    record.milliseconds = outlet.now() - started;
    leave();
    outlet.circuits.ended(circuit, end);
  }
}

const hostTroubles = new Set(['egress.unreachable', 'egress.timeout', 'egress.broken_off', 'egress.certificate']);

/** Whatever else the matter is, the host is there; unless Sluice itself said no before it was asked. */
function endOf(error: unknown): CallEnd {
  if (!(error instanceof CallEnded)) return 'answered';
  const { code } = error.failure;
  if (hostTroubles.has(code)) return 'failed';
  return code.startsWith('broker.') ? 'unsent' : 'answered';
}

function assertMayRetry(seconds: number, host: string): void {
  if (seconds === 0) return;
  const message = `Many calls to ${host} failed and are made again only a few at a time: nothing was sent.`;
  throw putOff('broker.retries_held', message, seconds);
}

function assertNotDown(milliseconds: number, host: string): void {
  if (milliseconds === 0) return;
  const seconds = Math.ceil(milliseconds / 1000);
  const message = `${host} failed the last calls and is asked again in ${seconds} seconds: nothing was sent.`;
  throw putOff('broker.host_down', message, seconds);
}
