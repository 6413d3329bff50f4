import { Checkbox } from '@mantine/core';
import type { RetryStep } from '@sluice/shared/api';
import { IconLock, IconPlayerPlay, IconShieldCheck } from '@tabler/icons-react';
import classes from './Retry.module.css';

const quiet = [
  {
    plan: 'safe',
    title: 'Safe to repeat',
    says: 'may have happened; the service drops or absorbs a repeat',
    icon: IconShieldCheck,
  },
  { plan: 'runs', title: 'Runs', says: 'nothing of it happened outside', icon: IconPlayerPlay },
  { plan: 'kept', title: 'Kept as it was', says: 'not done again', icon: IconLock },
] as const;

/** What a retry does with each step, worst first. What would happen twice is agreed to one by one. */
export function RetryPlan(props: {
  steps: readonly RetryStep[];
  ticked: readonly string[];
  onTick: (ids: readonly string[]) => void;
}) {
  const repeats = props.steps.filter(({ plan }) => plan === 'repeats');
  return (
    <div className={classes.plan}>
      {repeats.length > 0 && (
        <section>
          <h3>Would happen again</h3>
          <ul className={classes.repeats}>
            {repeats.map((step) => (
              <li key={step.id}>
                <Checkbox
                  label={step.name ?? step.id}
                  description={
                    step.done === 'unknown'
                      ? 'Its answer was lost: it may have happened, and would happen a second time.'
                      : 'It happened, and nothing keeps it from happening a second time.'
                  }
                  checked={props.ticked.includes(step.id)}
                  onChange={(event) =>
                    props.onTick(
                      event.currentTarget.checked
                        ? [...props.ticked, step.id]
                        : props.ticked.filter((id) => id !== step.id),
                    )
                  }
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      {quiet.map(({ plan, title, says, icon: Icon }) => {
        const steps = props.steps.filter((step) => step.plan === plan);
        if (steps.length === 0) return null;
        return (
          <section key={plan}>
            <h3>
              {title} <span className={classes.says}>{says}</span>
            </h3>
            <ul className={classes.steps}>
              {steps.map((step) => (
                <li key={step.id}>
                  <Icon size={15} stroke={1.75} aria-hidden />
                  {step.name ?? step.id}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
