import { MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { slotOfTrigger, type StepOf } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { Endpoints } from '../deploy/Endpoints.js';
import { Polls } from '../deploy/Polls.js';
import { useEditor } from '../store/editor-context.js';
import { BusinessKeyForm } from './BusinessKeyForm.js';
import { ChoicesMenu } from './ChoicesMenu.js';
import { SchedulePreview } from './SchedulePreview.js';
import { type FieldSpec, fieldsOf } from './schema-fields.js';
import type { ChoicesOf } from './use-choices.js';
import { type StepForm, withMember } from './use-step-form.js';
import classes from './StepPanel.module.css';

type Trigger = ConnectorDescription['triggers'][number];

/** Settings that mean something only where the sender signs with a plain HMAC. */
const hmacOnly = new Set(['header', 'algorithm', 'encoding']);

/** What starts the flow: how deliveries are signed and answered, and where they go. */
export function TriggerForm(props: { form: StepForm<StepOf<'trigger'>>; trigger: Trigger | undefined }) {
  const { form, trigger } = props;
  const { step } = form;
  const specs = trigger ? fieldsOf(trigger.params) : [];
  const slot = useEditor((state) => slotOfTrigger(state.document, step));
  const isHmac = step.config['scheme'] === 'hmac';
  const { pattern, timeZone, missed } = step.config;
  const shown = specs.filter(
    (spec) =>
      (isHmac || !hmacOnly.has(spec.name) || !specs.some(({ name }) => name === 'scheme')) &&
      (missed === 'all' || spec.name !== 'mostMissed'),
  );
  return (
    <>
      {trigger && <p className={classes.lead}>{trigger.description}</p>}
      {form.problemsAt('trigger').map((message) => (
        <p key={message} className={classes.problem}>
          {message}
        </p>
      ))}
      {shown.map((spec) => (
        <ConfigField
          key={spec.name}
          spec={spec}
          value={step.config[spec.name]}
          problems={form.problemsAt('config', spec.name)}
          isOff={form.isOff}
          choicesOf={{
            connector: step.connector,
            slot,
            form: { kind: 'trigger', id: step.trigger },
            given: step.config,
          }}
          onChange={(value) =>
            form.edit({ ...step, config: withMember(step.config, spec.name, value) }, `config.${spec.name}`)
          }
        />
      ))}
      <BusinessKeyForm form={form} />
      {trigger?.scheme === 'schedule' && (
        <SchedulePreview pattern={textOr(pattern, '0 7 * * *')} timeZone={textOr(timeZone, 'UTC')} />
      )}
      {trigger && trigger.scheme !== 'manual' && trigger.scheme !== 'schedule' && (
        <div className={classes.below}>
          {trigger?.scheme === 'poll' ? <Polls stepId={step.id} /> : <Endpoints stepId={step.id} />}
        </div>
      )}
    </>
  );
}

function textOr(value: Json | undefined, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

/** A setting: written out, never an expression. */
function ConfigField(props: {
  spec: FieldSpec;
  value: Json | undefined;
  problems: readonly string[];
  isOff: boolean;
  choicesOf: ChoicesOf;
  onChange: (value: Json | undefined) => void;
}) {
  const { spec, value } = props;
  const { from } = spec;
  const shared = {
    className: classes.input,
    label: spec.label,
    description: spec.help ?? undefined,
    error: props.problems.join(' ') || undefined,
    disabled: props.isOff,
  };
  const text = value === undefined ? (spec.fallback ?? '') : typeof value === 'string' ? value : JSON.stringify(value);
  switch (spec.kind) {
    case 'choice':
      return (
        <Select
          {...shared}
          data={[...spec.choices]}
          value={text}
          onChange={(next) => props.onChange(next ?? undefined)}
        />
      );
    case 'switch':
      return (
        <Switch
          {...shared}
          checked={text === 'true'}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...shared}
          hideControls
          value={text}
          onChange={(next) => props.onChange(next === '' ? undefined : Number(next))}
        />
      );
    case 'json':
    case 'list':
      if (spec.item?.kind === 'choice')
        return (
          <MultiSelect
            {...shared}
            searchable
            data={[...spec.item.choices]}
            value={listOf(value)}
            onChange={(next) => props.onChange(next.length === 0 ? undefined : next)}
          />
        );
      return (
        <TagsInput
          {...shared}
          value={listOf(value)}
          onChange={(next) => props.onChange(next.length === 0 ? undefined : next)}
        />
      );
    case 'record':
      return (
        <TagsInput
          {...shared}
          placeholder="customer.card: payment"
          value={pairsOf(value)}
          onChange={(next) => props.onChange(next.length === 0 ? undefined : recordOf(next))}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          value={text}
          rightSection={
            from && (
              <ChoicesMenu
                field={{ ...spec, from }}
                of={props.choicesOf}
                value={text}
                isOff={props.isOff}
                onChoose={props.onChange}
              />
            )
          }
          onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
        />
      );
  }
}

function listOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** `customer.card: payment`, a pair a line. */
function pairsOf(value: Json | undefined): string[] {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord
    ? Object.entries(value).map(([name, part]) => `${name}: ${typeof part === 'string' ? part : JSON.stringify(part)}`)
    : [];
}

function recordOf(pairs: readonly string[]): Json {
  return Object.fromEntries(
    pairs.map((pair) => {
      const colon = pair.lastIndexOf(':');
      return colon === -1 ? [pair.trim(), 'payment'] : [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
    }),
  );
}
