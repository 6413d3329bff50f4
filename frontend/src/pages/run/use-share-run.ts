import { runsApi } from '@sluice/shared/api';
import { saveText } from '../../lib/save-text.js';
import { useWrite } from '../step-up/use-write.js';

/** The run as a file that anyone checks offline, as it is seen here: masked. */
export function useShareRun(id: string) {
  const { run, busy, problem } = useWrite(runsApi.share, {
    renews: [['audit']],
    onDone: ({ name, content }) => saveText({ name, text: content, type: 'application/json' }),
  });
  return { busy, problem, start: () => run({ input: { params: { id } } }) };
}
