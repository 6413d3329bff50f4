import type { RunStep } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { IdCode } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { DecideForm } from '../decisions/DecideForm.js';

/** What a waiting step waits for: a decision, a call from outside, another run. */
export function Ask(props: { runId: string; step: RunStep }) {
  const { step } = props;
  if (step.ask === null || step.status !== 'waiting') return null;
  switch (step.ask.kind) {
    case 'approval':
      return (
        <DecideForm
          heading="h3"
          run={props.runId}
          step={step.key}
          question={step.ask.question ?? ''}
          details={step.ask.details}
          deciders={step.ask.deciders}
          mayDecide={step.ask.mayDecide}
        />
      );
    case 'callback':
      return (
        <Notice tone="waiting" title="Waits for a call at its address">
          Whoever got the address from an earlier step answers there
          {step.until && (
            <>
              , until <Time at={step.until} />
            </>
          )}
          .
        </Notice>
      );
    case 'subflow':
      return (
        <Notice tone="waiting" title="Waits for the run that it began">
          {step.child && <RunLink id={step.child} />}
        </Notice>
      );
  }
}

export function RunLink(props: { id: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId: props.id }}>
      <IdCode id={props.id} />
    </Link>
  );
}
