import { isIP } from 'node:net';
import { explainStop, findStop, type Stop, type StopPlace } from '../platform/stops.js';
import type { Capability } from './call.js';
import type { HostPort } from './egress/host-port.js';
import { putOff } from './refusal.js';

/** How long a caller waits before it asks again whether the switch is still on. */
const retryAfterSeconds = 30;

/** No kill switch is on for the flow, connection, connector or environment of the call. Throws CallEnded. */
export function assertNotStopped(stops: readonly Stop[], capability: Capability): void {
  const { environment, flow, connection, connector } = capability;
  assertFree(stops, { environment, flow, connection, connector });
}

/** Nor for the host, whatever the port or for this one. Throws CallEnded. */
export function assertHostNotStopped(stops: readonly Stop[], { host, port }: HostPort): void {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  assertFree(stops, { host: [name, `${name}:${port}`] });
}

function assertFree(stops: readonly Stop[], place: StopPlace): void {
  const stop = findStop(stops, place);
  if (stop === null) return;
  throw putOff('broker.stopped', `${explainStop(stop)} Nothing was sent.`, retryAfterSeconds);
}
