import { StartProblem } from '../config/start-problem.js';

/** Places where a test can end the process, each right after what its name says. */
export const faultPoints = [
  /** A run and its first entries are committed, and whoever sent the event doesn't know. */
  'accepted',
  'claim',
  /** A step that may not be repeated is about to write its intent. */
  'intent-due',
  'intent-committed',
  'answer-read',
  'outcome-committed',
  'next-enqueued',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

/** Ends the process at one point, as a power cut would. Unarmed it costs one comparison. */
export type Fault = (point: FaultPoint) => void;

/** Reads SLUICE_FAULT: `answer-read:exit`, or `answer-read:exit:7` for the seventh time. Throws a StartProblem for anything else. */
export function armFault(spec: string | null): Fault {
  if (spec === null) return () => undefined;
  const [armed, act, time = '1', ...more] = spec.split(':');
  let left = Number(time);
  const isKnown = faultPoints.some((point) => point === armed) && act === 'exit' && more.length === 0;
  if (!isKnown || !Number.isInteger(left) || left < 1) {
    throw new StartProblem(
      `SLUICE_FAULT takes one of ${faultPoints.join(', ')}, then ":exit", or ":exit:7" for the seventh time.`,
    );
  }
  return (point) => {
    if (point === armed && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
