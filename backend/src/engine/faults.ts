import { StartProblem } from '../config/start-problem.js';

/** Places where a test can end the process, each right after what its name says. */
export const faultPoints = [
  'after-accept',
  'before-intent',
  'after-intent',
  'after-send',
  'after-outcome',
  'after-claim',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

/** Ends the process at one point, as a power cut would. Unarmed it costs one comparison. */
export type Fault = (point: FaultPoint) => void;

/** Reads SLUICE_FAULT: `after-send:exit`. Throws a StartProblem for anything else. */
export function armFault(spec: string | null): Fault {
  if (spec === null) return () => undefined;
  const [armed, act] = spec.split(':');
  if (!faultPoints.some((point) => point === armed) || act !== 'exit') {
    throw new StartProblem(`SLUICE_FAULT takes one of ${faultPoints.join(', ')}, then ":exit".`);
  }
  return (point) => {
    if (point === armed) process.kill(process.pid, 'SIGKILL');
  };
}
