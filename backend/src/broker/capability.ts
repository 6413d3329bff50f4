import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { newSecret } from '../platform/ids.js';
import { hmacHex } from '../platform/keys/secret-key.js';
import type { Capability } from './call.js';
import { putOff, refused } from './refusal.js';

/** A capability outlives its making by no more than this. */
export const longestMilliseconds = 5 * 60_000;
/** The clocks of two machines may differ by this much. */
const skewMilliseconds = 30_000;
/** A clock that jumps while a call is handed over makes it seem so: the next attempt is minted by the clock as it is then. */
const later = 'nothing was sent, and it is tried again.';

export function mintCapability(key: KeyObject, claim: Omit<Capability, 'nonce' | 'mac'>): Capability {
  const unsigned = { ...claim, nonce: newSecret(16) };
  return { ...unsigned, mac: hmacHex(key, canonical(unsigned)) };
}

/** It is ours, unchanged and in time. Throws CallEnded. */
export function assertCapability(key: KeyObject, capability: Capability, now: number): void {
  const expected = Buffer.from(hmacHex(key, canonical(capability)));
  const given = Buffer.from(String(capability.mac));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refused('broker.bad_capability', 'The call carries no valid capability: nothing was sent.');
  }
  if (capability.deadline <= now)
    throw putOff('broker.capability_expired', `The time for this attempt is over: ${later}`, 1);
  if (capability.deadline > now + longestMilliseconds + skewMilliseconds) {
    throw putOff('broker.bad_capability', `The call carries a capability that lasts too long: ${later}`, 1);
  }
}

/** Every field, in one fixed order; a list inside JSON can't be spelled like its neighbour. */
function canonical(capability: Omit<Capability, 'mac'>): string {
  const { workspace, environment, flow, version, run, step, attempt, connection, connector, slot } = capability;
  const { action, grant, connectorVersion, scopes, fields, hosts, call, reply, deadline, nonce } = capability;
  return JSON.stringify([
    workspace,
    environment,
    flow,
    version,
    run,
    step,
    attempt,
    connection,
    connector,
    slot,
    action,
    grant,
    connectorVersion,
    scopes,
    fields,
    hosts,
    call,
    reply,
    deadline,
    nonce,
  ]);
}
