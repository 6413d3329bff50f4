import { Notice } from '../../ui/Notice.js';
import { useTrial } from './use-trial.js';

/** Why a trial didn't begin. */
export function TrialProblem() {
  const { problem } = useTrial();
  if (problem === null) return null;
  return (
    <Notice tone="failed" title={problem.message}>
      {problem.issues.map(({ path, message }) => (
        <p key={`${path} ${message}`}>{message}</p>
      ))}
    </Notice>
  );
}
