import { Button } from '@mantine/core';
import { deadLettersApi, type RunSummary } from '@sluice/shared/api';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { CloseDialog } from './CloseDialog.js';

/** On a run's page: that nobody has dealt with it, or who closed it and why. */
export function LetterNotice(props: { run: RunSummary; mayOperate: boolean }) {
  const { run, mayOperate } = props;
  const [isClosing, setClosing] = useState(false);
  const reopen = useWrite(deadLettersApi.reopen, { renews: [['runs']] });
  if (run.letter === null) return null;
  if (run.closed) {
    return (
      <Notice
        tone="quiet"
        title={`Closed: ${run.closed.reason}`}
        action={
          mayOperate && (
            <Button
              size="sm"
              variant="default"
              loading={reopen.busy}
              onClick={() => reopen.run({ input: { params: { id: run.id } } })}
            >
              Open again
            </Button>
          )
        }
      >
        By {run.closed.by.name}, <Time at={run.closed.at} />
        {reopen.problem && ` ${reopen.problem.message}`}
      </Notice>
    );
  }
  return (
    <>
      <Notice
        tone="waiting"
        title="A dead letter: it failed for good and nobody has dealt with it"
        action={
          mayOperate && (
            <Button size="sm" variant="default" onClick={() => setClosing(true)}>
              Close
            </Button>
          )
        }
      >
        {run.owner ? `The flow is ${run.owner.name}’s. ` : ''}Retry it, or close it with a reason.
      </Notice>
      {isClosing && <CloseDialog run={run.id} onClose={() => setClosing(false)} />}
    </>
  );
}
