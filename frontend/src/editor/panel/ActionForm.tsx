import { Menu, UnstyledButton } from '@mantine/core';
import { type ConnectorDescription, gravestFirst } from '@sluice/shared/connector';
import type { StepOf } from '@sluice/shared/flow';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount } from '../../lib/format-count.js';
import type { FieldClass } from '../../ui/ClassTag.js';
import { AnyField } from './AnyField.js';
import { type FieldSpec, fieldsOf, spoken } from './schema-fields.js';
import { SlotRow } from './SlotRow.js';
import { useReasons } from './use-reasons.js';
import { type StepForm, withMember } from './use-step-form.js';
import classes from './StepPanel.module.css';

type Action = ConnectorDescription['actions'][number];

/** An action's input: what isn't mapped isn't sent. */
export function ActionForm(props: { form: StepForm<StepOf<'action'>>; action: Action | undefined }) {
  const { form, action } = props;
  const { step } = form;
  const [opened, setOpened] = useState<readonly string[]>([]);
  const specs = action ? fieldsOf(action.input) : [];
  const unknown = Object.keys(step.input).filter((name) => !specs.some((spec) => spec.name === name));
  const isShown = (spec: FieldSpec) =>
    spec.isRequired || step.input[spec.name] !== undefined || opened.includes(spec.name);
  const folded = specs.filter((spec) => !isShown(spec));
  const said = action ? [] : form.problemsAt('action');
  const reasonsOf = useReasons(step.id);
  return (
    <>
      <SlotRow form={form} />
      {said.map((message) => (
        <p key={message} className={classes.problem}>
          {message}
        </p>
      ))}
      {[...specs.filter(isShown), ...unknown.map(unknownField)].map((spec) => {
        const shared = {
          field: spec,
          value: step.input[spec.name],
          scope: form.scope,
          steps: form.steps,
          isOff: form.isOff,
          ...classOfField(spec.name, action, reasonsOf(spec.name)),
          problemsAt: (...path: (string | number)[]) => form.problemsAt('input', spec.name, ...path),
          onChange: (value: (typeof step.input)[string] | undefined) =>
            form.edit({ ...step, input: withMember(step.input, spec.name, value) }, `input.${spec.name}`),
        };
        return <AnyField key={spec.name} {...shared} />;
      })}
      {folded.length > 0 && !form.isOff && (
        <div className={classes.more}>
          <Menu position="bottom-start" width={300}>
            <Menu.Target>
              <UnstyledButton className={classes.add}>
                <IconPlus size={15} stroke={2} aria-hidden /> Map another field
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
              {folded.map((spec) => (
                <Menu.Item
                  key={spec.name}
                  onClick={() => setOpened([...opened, spec.name])}
                  rightSection={<span className="label">{spec.typeWord}</span>}
                >
                  {spec.label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <span className="label">{formatCount(folded.length)} more, none is sent unless mapped</span>
        </div>
      )}
    </>
  );
}

function unknownField(name: string): FieldSpec {
  return {
    name,
    label: spoken(name),
    help: null,
    typeWord: 'unknown',
    isRequired: false,
    kind: 'json',
    choices: [],
    fallback: null,
  };
}

/** The gravest of the connector's word, personal where it says nothing, and of what the data brings along. */
function classOfField(
  name: string,
  action: Action | undefined,
  { classes: carried, why }: ReturnType<ReturnType<typeof useReasons>>,
): { fieldClass: FieldClass; why: string | undefined } {
  const said = action?.classes[name] ?? 'personal';
  return { fieldClass: gravestFirst([said, ...carried])[0] ?? 'personal', why: why === '' ? undefined : why };
}
