import { ActionIcon, TextInput, UnstyledButton } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ConditionField } from './ConditionField.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

/** The cases of a branch, in the order in which they are tried. */
export function BranchForm({ form }: { form: StepForm<StepOf<'branch'>> }) {
  const { step } = form;
  function withCases(cases: StepOf<'branch'>['cases'], part: string) {
    form.edit({ ...step, cases }, part);
  }
  return (
    <>
      <p className={classes.lead}>The first case that holds is taken; where none does, the way is else.</p>
      {step.cases.map((branchCase, index) => (
        // The place of a case is its identity
        <div key={index} className={classes.case}>
          <div className={classes.caseHead}>
            <PortName
              port={branchCase.port}
              taken={['else', ...step.cases.map(({ port }) => port)]}
              isOff={form.isOff}
              onRename={(port) =>
                withCases(
                  step.cases.map((each, at) => (at === index ? { ...each, port } : each)),
                  `port.${index}`,
                )
              }
            />
            {index > 0 && !form.isOff && (
              <ActionIcon
                size={24}
                aria-label={`Try ${branchCase.port} earlier`}
                title="Try earlier"
                onClick={() => withCases(moved(step.cases, index), `order.${index}`)}
              >
                <IconArrowUp size={14} stroke={2} />
              </ActionIcon>
            )}
            {step.cases.length > 1 && !form.isOff && (
              <ActionIcon
                size={24}
                aria-label={`Remove the case ${branchCase.port}`}
                title="Remove"
                onClick={() =>
                  withCases(
                    step.cases.filter((_, at) => at !== index),
                    `remove.${branchCase.port}`,
                  )
                }
              >
                <IconTrash size={14} stroke={2} />
              </ActionIcon>
            )}
          </div>
          <ConditionField
            label={`Takes ${branchCase.port} if`}
            value={branchCase.when}
            form={form}
            problems={form.problemsAt('cases', index)}
            onChange={(when) =>
              withCases(
                step.cases.map((each, at) => (at === index ? { ...each, when } : each)),
                `when.${index}`,
              )
            }
          />
        </div>
      ))}
      {!form.isOff && (
        <UnstyledButton
          className={classes.add}
          onClick={() => withCases([...step.cases, { port: freePort(step), when: true }], `add.${step.cases.length}`)}
        >
          <IconPlus size={15} stroke={2} aria-hidden /> Add a case
        </UnstyledButton>
      )}
    </>
  );
}

function moved<Item>(items: readonly Item[], index: number): Item[] {
  const [item] = items.slice(index, index + 1);
  const others = items.filter((_, at) => at !== index);
  return item === undefined ? others : [...others.slice(0, index - 1), item, ...others.slice(index - 1)];
}

function freePort(step: StepOf<'branch'>): string {
  for (let number = step.cases.length + 1; ; number += 1)
    if (!step.cases.some(({ port }) => port === `case${number}`)) return `case${number}`;
}

function PortName(props: { port: string; taken: readonly string[]; isOff: boolean; onRename: (port: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const port = typed ?? props.port;
  const isWrong = port !== props.port && (props.taken.includes(port) || !/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(port));
  return (
    <TextInput
      className={classes.port}
      size="sm"
      aria-label="Name of the case"
      value={port}
      disabled={props.isOff}
      error={
        isWrong ? (props.taken.includes(port) ? 'Taken already' : 'A letter, then letters, digits, - or _') : undefined
      }
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (!isWrong && port !== props.port) props.onRename(port);
        setTyped(null);
      }}
    />
  );
}
