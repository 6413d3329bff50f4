import type { Call, Contract, Reply } from '@sluice/shared/api';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { ApiProblem } from '../../api/problem.js';
import { meQuery } from '../../api/queries.js';
import { type AskStepUp, useStepUp, type Deed } from './StepUpProvider.js';

interface Write<C extends Contract> {
  /** What is sent; as a function it gets the reason typed into the dialog. */
  input?: Call<C> | ((reason: string) => Call<C>);
  /** Asked before anything is sent. */
  confirm?: Deed;
}

/**
 * One write of a screen: asks for the second factor where the deed or the server wants it, then renews what it changed.
 * `problem` is for showing in place; a cancelled dialog is none.
 */
export function useWrite<const C extends Contract>(
  contract: C,
  options: { renews: readonly QueryKey[]; onDone?: (reply: Reply<C>) => void },
) {
  const client = useQueryClient();
  const askStepUp = useStepUp();
  const [isAsking, setAsking] = useState(false);
  const ask: AskStepUp = async (...question) => {
    setAsking(true);
    try {
      return await askStepUp(...question);
    } finally {
      setAsking(false);
    }
  };
  const mutation = useMutation({
    mutationFn: async (write: Write<C>): Promise<Reply<C>> => {
      const answer = write.confirm ? await ask(write.confirm) : { reason: '' };
      const input = typeof write.input === 'function' ? write.input(answer.reason) : write.input;
      try {
        return await call(contract, input);
      } catch (thrown) {
        if (!(thrown instanceof ApiProblem) || thrown.code !== 'auth.step_up_required') throw thrown;
        await ask(write.confirm ? { ...write.confirm, reasonLabel: undefined } : plainDeed, { stale: true });
        return await call(contract, input);
      }
    },
    onSuccess: (reply) => options.onDone?.(reply),
    onSettled: async () => {
      await Promise.all(
        [...options.renews, meQuery().queryKey].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
  });
  return {
    run: mutation.mutate,
    /** Only while it is sent: the dialog that asks has its own buttons. */
    busy: mutation.isPending && !isAsking,
    /** While the dialog asks: a dialog below it steps aside. */
    asking: isAsking,
    problem: mutation.error instanceof ApiProblem ? mutation.error : null,
    reply: mutation.data,
    reset: mutation.reset,
  };
}

const plainDeed: Deed = { title: 'Confirm with your second factor', body: 'This needs a fresh code.', verb: 'Confirm' };
