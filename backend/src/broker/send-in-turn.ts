import type { AuthInput } from '@sluice/shared/api';
import { assertGrantedHost } from './assert-standing.js';
import type { CallRecord } from './call.js';
import type { HostPort } from './egress/host-port.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { CallEnded } from './refusal.js';

/**
 * Waits for a place, checks again (a revocation may have come meanwhile), reads the secret and sends. Keeps the call's
 * record. Throws CallEnded.
 */
export async function sendInTurn<Result>(
  outlet: Outlet,
  call: CheckedCall,
  job: {
    target: HostPort;
    record: CallRecord;
    bytes: number;
    send(auth: AuthInput, milliseconds: number): Promise<Result>;
  },
): Promise<Result> {
  const { capability, signal } = call;
  const { record } = job;
  const started = outlet.now();
  const left = () => Math.max(0, capability.deadline - outlet.now());
  const leave = await outlet.bulkhead.enter(record.host, { milliseconds: left(), signal });
  try {
    const standing = await call.checkAgain();
    assertGrantedHost(capability, standing, job.target);
    const result = await job.send(await call.secret(standing), left());
    record.bytesSent = job.bytes;
    return result;
  } catch (error) {
    if (error instanceof CallEnded && error.failure.uncertain) record.bytesSent = job.bytes;
    throw error;
  } finally {
    record.milliseconds = outlet.now() - started;
    leave();
  }
}
