import { runsApi } from '@sluice/shared/api';
import { useState } from 'react';
import type { ApiProblem } from '../../api/problem.js';
import { useNow } from '../../lib/now.js';
import { useWrite } from '../step-up/use-write.js';

export interface Reveals {
  mayReveal: boolean;
  /** Asks for the reason and the second factor, then shows the value for a minute. */
  ask: (field: string, held: string) => void;
  /** The value of a field that is shown now. */
  shown: (field: string) => unknown;
  problem: ApiProblem | null;
}

/** Values of one step that somebody asked to see. They are kept here alone, and forgotten when their time is over. */
export function useReveals(of: { runId: string; stepKey: string; mayReveal: boolean }): Reveals {
  const [values, setValues] = useState<ReadonlyMap<string, { value: unknown; until: number }>>(new Map());
  const [asked, setAsked] = useState('');
  const now = useNow(1000).getTime();
  const reveal = useWrite(runsApi.reveal, {
    renews: [],
    onDone({ value, until }) {
      const alive = [...values].filter(([, kept]) => kept.until > now);
      setValues(new Map([...alive, [asked, { value, until: new Date(until).getTime() }]]));
    },
  });
  return {
    mayReveal: of.mayReveal,
    problem: reveal.problem,
    shown(field) {
      const kept = values.get(field);
      return kept !== undefined && kept.until > now ? kept.value : undefined;
    },
    ask(field, held) {
      setAsked(field);
      reveal.run({
        input: (reason) => ({ params: { id: of.runId }, body: { stepId: of.stepKey, field, reason } }),
        confirm: {
          title: 'Reveal one value',
          body: `${field} of ${of.stepKey} holds ${held} data. It is shown to you for one minute.`,
          verb: 'Reveal',
          footnote: 'Your name, the field and the reason are logged before it is shown.',
          reasonLabel: 'Why do you need to see it?',
        },
      });
    },
  };
}
