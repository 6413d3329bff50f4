import { Menu, UnstyledButton } from '@mantine/core';
import { type FieldClass, gravestFirst } from '@sluice/shared/connector';
import type { Reason, StepOf } from '@sluice/shared/flow';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount } from '../../lib/format-count.js';
import { AnyField } from './AnyField.js';
import { ChoicesMenu } from './ChoicesMenu.js';
import { textOf } from './mapping-mode.js';
import { type FieldSpec, fieldsOf, type JsonSchema, spoken } from './schema-fields.js';
import type { ChoicesOf } from './use-choices.js';
import { useReasons } from './use-reasons.js';
import { type StepForm, withMember } from './use-step-form.js';
import classes from './StepPanel.module.css';

interface Props {
  form: StepForm<StepOf<'action'> | StepOf<'compute'>>;
  schema: JsonSchema | undefined;
  /** What the connector says that a field holds; null where it says nothing. */
  classOf: (name: string) => FieldClass | null;
  /** Whose service lists choices; none for what calls nobody. */
  choicesOf?: ChoicesOf | undefined;
  /** What is said of the fields that aren't shown. */
  folded: string;
}

/** The fields of a step's input as its connector declares them: those it needs, and the others on demand. */
export function DeclaredFields({ form, schema, classOf, choicesOf, folded: saidOfFolded }: Props) {
  const { step } = form;
  const [opened, setOpened] = useState<readonly string[]>([]);
  const specs = schema ? fieldsOf(schema) : [];
  const unknown = Object.keys(step.input).filter((name) => !specs.some((spec) => spec.name === name));
  const isShown = (spec: FieldSpec) =>
    spec.isRequired || step.input[spec.name] !== undefined || opened.includes(spec.name);
  const folded = specs.filter((spec) => !isShown(spec));
  const reasonsOf = useReasons();
  return (
    <>
      {[...specs.filter(isShown), ...unknown.map(unknownField)].map((spec) => {
        const put = (value: (typeof step.input)[string] | undefined) =>
          form.edit({ ...step, input: withMember(step.input, spec.name, value) }, `input.${spec.name}`);
        const { from } = spec;
        const shared = {
          field: spec,
          value: step.input[spec.name],
          scope: form.scope,
          steps: form.steps,
          isOff: form.isOff,
          ...gravest(classOf(spec.name), reasonsOf({ step: step.id, side: 'input', path: [spec.name] })),
          problemsAt: (...path: (string | number)[]) => form.problemsAt('input', spec.name, ...path),
          onChange: put,
          ...(from !== undefined &&
            choicesOf !== undefined && {
              picker: (
                <ChoicesMenu
                  field={{ ...spec, from }}
                  of={choicesOf}
                  value={textOf(step.input[spec.name])}
                  isOff={form.isOff}
                  onChoose={put}
                />
              ),
            }),
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
          <span className="label">
            {formatCount(folded.length)} more, {saidOfFolded}
          </span>
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

/** The graver of the connector's word and of what the data brings along. */
function gravest(
  said: FieldClass | null,
  why: readonly Reason[],
): { fieldClass: FieldClass | null; why: readonly Reason[] } {
  const carried = why.map((reason) => reason.class);
  const all = said === null ? carried : [said, ...carried];
  return { fieldClass: gravestFirst(all)[0] ?? null, why };
}
