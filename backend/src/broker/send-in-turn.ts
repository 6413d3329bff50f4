import type { Credential } from './credential.js';
import { assertGrantedHost } from './assert-standing.js';
import type { CallRecord } from './call.js';
import type { FoundRoute } from './egress/egress.js';
import type { Target } from './egress/target.js';
import type { CheckedCall, Outlet } from './outlet.js';
import type { CallEnd } from './limits/circuits.js';
import { assertWithinLimits } from './limits/assert-within-limits.js';
import { CallEnded, putOff } from './refusal.js';

/**
 * Waits for a place, checks again (a revocation may have come meanwhile), finds the checked address, reads the secret and
 * sends. A host that is denied goes the same way as one that is down. Keeps the call's record. Throws CallEnded.
 */
export async function sendInTurn<Result>(
  outlet: Outlet,
  call: CheckedCall,
  job: {
    target: Target;
    record: CallRecord;
    bytes: number;
    send(auth: Credential, found: FoundRoute, milliseconds: number): Promise<Result>;
  },
): Promise<Result> {
  const { capability, signal } = call;
  const { record } = job;
  const started = outlet.now();
  const left = () => Math.max(0, capability.deadline - outlet.now());
  const circuit = `${capability.workspace} ${record.host}`;
  assertNotDown(outlet.circuits.enter(circuit), record.host);
  let end: CallEnd = 'unsent';
  let leave = () => {};
  try {
    leave = await outlet.bulkhead.enter(record.host, { milliseconds: left(), signal });
    const standing = await call.checkAgain();
    assertGrantedHost(capability, standing, job.target);
    await assertWithinLimits(outlet.leases, capability, standing);
    end = 'failed';
    const found = await outlet.egress.findRoute(job.target, standing.policy);
    const secret = await call.secret(standing);
    const result = await job.send(secret, found, left());
    end = 'answered';
    record.bytesSent = job.bytes;
    return result;
  } catch (error) {
    if (error instanceof CallEnded && error.failure.uncertain) record.bytesSent = job.bytes;
    // Whatever the matter is then, the host is there.
    if (end === 'failed' && !isHostTrouble(error)) end = 'answered';
    throw error;
  } finally {
    record.milliseconds = outlet.now() - started;
    leave();
    outlet.circuits.ended(circuit, end);
  }
}

const hostTroubles = new Set(['egress.unreachable', 'egress.timeout', 'egress.broken_off', 'egress.certificate']);

function isHostTrouble(error: unknown): boolean {
  return error instanceof CallEnded && hostTroubles.has(error.failure.code);
}

function assertNotDown(milliseconds: number, host: string): void {
  if (milliseconds === 0) return;
  const seconds = Math.ceil(milliseconds / 1000);
  const message = `${host} failed the last calls and is asked again in ${seconds} seconds: nothing was sent.`;
  throw putOff('broker.host_down', message, seconds);
}
