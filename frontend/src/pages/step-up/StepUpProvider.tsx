import { authApi } from '@sluice/shared/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { meQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { StepUpDialog, type StepUpDetails } from '../../ui/StepUpDialog.js';

export interface Deed extends StepUpDetails {
  /** Shows the dialog even while an earlier second factor is fresh: for what must be read again. */
  always?: boolean;
}
/** Settles once the person has confirmed; rejects with `StepUpCancelled`. */
export type AskStepUp = (deed: Deed, options?: { stale?: boolean }) => Promise<{ reason: string }>;

export class StepUpCancelled extends Error {
  override name = 'StepUpCancelled';
}

interface Question {
  deed: Deed;
  isFresh: boolean;
  settle: (answer: { reason: string }) => void;
  reject: (cause: Error) => void;
}

const StepUpContext = createContext<AskStepUp | null>(null);

export function useStepUp(): AskStepUp {
  const ask = useContext(StepUpContext);
  if (!ask) throw new Error('useStepUp is used outside StepUpProvider');
  return ask;
}

/** Leaves a margin, so that a factor doesn't run out between the dialog and the request. */
function isStillFresh(until: string | null | undefined): boolean {
  return until !== null && until !== undefined && new Date(until).getTime() - now().getTime() > 5000;
}

export function StepUpProvider(props: { children: React.ReactNode }) {
  const client = useQueryClient();
  const me = useQuery({ ...meQuery(), enabled: false });
  const [question, setQuestion] = useState<Question | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const ask = useCallback<AskStepUp>(
    (deed, options) => {
      const until = client.getQueryData(meQuery().queryKey)?.steppedUpUntil;
      const isFresh = !options?.stale && isStillFresh(until);
      if (isFresh && !deed.always && !deed.reasonLabel) return Promise.resolve({ reason: '' });
      setError(undefined);
      return new Promise((settle, reject) => setQuestion({ deed, isFresh, settle, reject }));
    },
    [client],
  );

  async function confirm(asked: Question, answer: { code: string | null; reason: string }) {
    setBusy(true);
    setError(undefined);
    try {
      if (answer.code !== null) {
        const { steppedUpUntil } = await call(authApi.stepUp, { body: { code: answer.code } });
        client.setQueryData(meQuery().queryKey, (before) => before && { ...before, steppedUpUntil });
      }
      setQuestion(null);
      asked.settle({ reason: answer.reason });
    } catch (thrown) {
      setError(toProblem(thrown).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <StepUpContext.Provider value={ask}>
      {props.children}
      {question && (
        <StepUpDialog
          details={question.deed}
          freshUntil={question.isFresh ? (me.data?.steppedUpUntil ?? null) : null}
          busy={busy}
          error={error}
          onConfirm={(answer) => void confirm(question, answer)}
          onCancel={() => {
            setQuestion(null);
            question.reject(new StepUpCancelled());
          }}
        />
      )}
    </StepUpContext.Provider>
  );
}
