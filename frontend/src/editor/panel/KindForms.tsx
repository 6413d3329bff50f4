import { ActionIcon, NumberInput, SegmentedControl, Select, TextInput, UnstyledButton } from '@mantine/core';
import type { Step, StepOf } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ConditionField } from './ConditionField.js';
import { isExpression } from './mapping-mode.js';
import { MappingField } from './MappingField.js';
import { NamedFields } from './NamedFields.js';
import type { FieldKind, FieldSpec } from './schema-fields.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

export function TransformForm({ form }: { form: StepForm<StepOf<'transform'>> }) {
  const { step } = form;
  return (
    <>
      {Object.keys(step.input).length === 0 && (
        <p className={classes.lead}>
          Each field becomes part of the output: name it, then fill it from the data below.
        </p>
      )}
      <NamedFields
        label="fields"
        fields={step.input}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problemsOf={(name) => form.problemsAt('input', name)}
        onChange={(input, part) => form.edit({ ...step, input }, part)}
      />
    </>
  );
}

export function FilterForm({ form }: { form: StepForm<StepOf<'filter'>> }) {
  const { step } = form;
  return (
    <>
      <p className={classes.lead}>What follows runs only if this holds; else the run ends here, and well.</p>
      <ConditionField
        label="Goes on if"
        value={step.when}
        form={form}
        problems={form.problemsAt('when')}
        onChange={(when) => form.edit({ ...step, when }, 'when')}
      />
    </>
  );
}

export function BranchForm({ form }: { form: StepForm<StepOf<'branch'>> }) {
  const { step } = form;
  function withCases(cases: StepOf<'branch'>['cases'], part: string) {
    form.edit({ ...step, cases }, part);
  }
  return (
    <>
      <p className={classes.lead}>The first case that holds is taken; where none does, the way is else.</p>
      {step.cases.map((branchCase, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place of a case is its identity
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

function spec(name: string, label: string, more: { typeWord: string; kind: FieldKind; help?: string }): FieldSpec {
  return {
    name,
    label,
    help: more.help ?? null,
    typeWord: more.typeWord,
    isRequired: false,
    kind: more.kind,
    choices: [],
    fallback: null,
  };
}

const secondsField = spec('seconds', 'Seconds', {
  typeWord: 'number',
  kind: 'number',
  help: 'A minute is 60, a day 86400, a year the most.',
});
const untilField = spec('until', 'Time', {
  typeWord: 'time with zone',
  kind: 'text',
  help: 'Such as 2026-05-01T08:00:00Z, or an expression that gives one.',
});

export function WaitForm({ form }: { form: StepForm<StepOf<'wait'>> }) {
  const { step } = form;
  const { seconds, until, ...rest } = step;
  const way = until === undefined ? 'seconds' : 'until';
  const shared = { scope: form.scope, steps: form.steps, isOff: form.isOff };
  return (
    <>
      <SegmentedControl
        className={classes.ways}
        size="xs"
        aria-label="How to wait"
        data={[
          { value: 'seconds', label: 'For a time' },
          { value: 'until', label: 'Until a time' },
        ]}
        value={way}
        disabled={form.isOff}
        onChange={(next) =>
          form.edit(next === 'until' ? { ...rest, until: { $: '$now()' } } : { ...rest, seconds: 60 }, 'way')
        }
      />
      {way === 'seconds' ? (
        <MappingField
          {...shared}
          field={secondsField}
          value={seconds}
          problems={form.problemsAt('seconds')}
          onChange={(value) => form.edit(withSeconds(rest, value), 'seconds')}
        />
      ) : (
        <MappingField
          {...shared}
          field={untilField}
          value={until}
          problems={form.problemsAt('until')}
          onChange={(value) => form.edit(withUntil(rest, value), 'until')}
        />
      )}
    </>
  );
}

type Wait = StepOf<'wait'>;

/** A text that is no number stays an expression: the document takes nothing else there. */
function withSeconds(rest: Wait, value: Json | undefined): Wait {
  if (typeof value === 'number') return { ...rest, seconds: value };
  if (isExpression(value)) return { ...rest, seconds: value };
  return typeof value === 'string' ? { ...rest, seconds: { $: value } } : rest;
}

function withUntil(rest: Wait, value: Json | undefined): Wait {
  if (isExpression(value)) return { ...rest, until: value };
  const isTime =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
  if (isTime) return { ...rest, until: value };
  return { ...rest, until: { $: typeof value === 'string' ? JSON.stringify(value) : '$now()' } };
}

const bodyField = spec('body', 'Body', {
  typeWord: 'any',
  kind: 'json',
  help: 'What the caller gets. Nothing is sent unless mapped.',
});

export function RespondForm({ form }: { form: StepForm<StepOf<'respond'>> }) {
  const { step } = form;
  const { body, ...rest } = step;
  return (
    <>
      <NumberInput
        className={classes.input}
        label="Status"
        description="200 to 599"
        value={step.status}
        min={200}
        max={599}
        hideControls
        disabled={form.isOff}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 200 && value <= 599)
            form.edit({ ...step, status: Math.round(value) }, 'status');
        }}
      />
      <MappingField
        field={bodyField}
        value={body}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problems={form.problemsAt('body')}
        onChange={(value) => form.edit(value === undefined ? rest : { ...rest, body: value }, 'body')}
      />
      <h3 className={classes.sub}>Headers</h3>
      <NamedFields
        label="headers"
        fields={step.headers}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problemsOf={(name) => form.problemsAt('headers', name)}
        onChange={(headers, part) => form.edit({ ...step, headers }, part)}
      />
    </>
  );
}

const messageField = spec('message', 'Message', { typeWord: 'text', kind: 'text', help: 'Stands on the run.' });

export function StopForm({ form }: { form: StepForm<StepOf<'stop'>> }) {
  const { step } = form;
  const { message, ...rest } = step;
  return (
    <>
      <Select
        className={classes.input}
        label="The run ends as"
        data={[
          { value: 'succeeded', label: 'Succeeded' },
          { value: 'failed', label: 'Failed' },
        ]}
        value={step.outcome}
        disabled={form.isOff}
        onChange={(value) => form.edit({ ...step, outcome: value === 'failed' ? 'failed' : 'succeeded' }, 'outcome')}
      />
      <MappingField
        field={messageField}
        value={message}
        scope={form.scope}
        steps={form.steps}
        isOff={form.isOff}
        problems={form.problemsAt('message')}
        onChange={(value) => form.edit(value === undefined ? rest : { ...rest, message: value }, 'message')}
      />
    </>
  );
}

/** Loops can be drawn elsewhere and imported; they are shown as they are. */
export function LoopForm({ step }: { step: Extract<Step, { kind: 'forEach' }> }) {
  return (
    <p className={classes.lead}>
      Runs {step.steps.length} steps for each item of <code>{step.items.$}</code>, {step.concurrency} at once. Loops run
      in a later release; disable or remove it to publish.
    </p>
  );
}
