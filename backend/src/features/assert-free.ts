import { Problem } from '../platform/problem.js';
import { explainStop, findStop, type Stop, type StopPlace } from '../platform/stops.js';

/** Throws `flow.stopped` when a kill switch is on for it: a run that is begun would only wait. */
export function assertFree(stops: readonly Stop[], place: StopPlace): void {
  const stop = findStop(stops, place);
  if (stop !== null) throw new Problem('flow.stopped', { message: explainStop(stop) });
}
