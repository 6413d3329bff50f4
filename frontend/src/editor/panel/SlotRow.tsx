import { Menu, UnstyledButton } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import { useQuery } from '@tanstack/react-query';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { environmentsQuery } from '../../api/queries.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { newSlotName } from '../palette/new-step.js';
import { useActions, useEditor } from '../store/editor-context.js';
import { useBindings } from './use-bindings.js';
import type { StepForm } from './use-step-form.js';
import classes from './SlotRow.module.css';

/** Which slot the step uses, and what each environment has bound to it. */
export function SlotRow(props: { form: StepForm<StepOf<'action'>> }) {
  const { step, edit, isOff } = props.form;
  const actions = useActions();
  const document = useEditor((state) => state.document);
  const connector = document.slots[step.slot]?.connector;
  const alike = Object.keys(document.slots).filter((name) => document.slots[name]?.connector === connector);
  function useNewSlot() {
    if (connector === undefined) return;
    const name = newSlotName(document, connector);
    actions.change([
      { kind: 'set-slot', name, slot: { connector } },
      { kind: 'update-step', step: { ...step, slot: name } },
    ]);
  }
  return (
    <div className={classes.row}>
      <span className="voice-2">Slot</span>
      <Menu position="bottom-start">
        <Menu.Target>
          <UnstyledButton className={classes.slot} disabled={isOff} aria-label={`Slot ${step.slot}, change`}>
            {step.slot}
            <IconChevronDown size={14} stroke={2} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {alike.map((name) => (
            <Menu.Item key={name} disabled={name === step.slot} onClick={() => edit({ ...step, slot: name }, 'slot')}>
              <code>{name}</code>
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<IconPlus size={14} />} disabled={connector === undefined} onClick={useNewSlot}>
            A slot of its own
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <BoundChips slot={step.slot} />
    </div>
  );
}

/** The environments side by side with the bound connection. */
export function BoundChips(props: { slot: string }) {
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const bindings = useBindings();
  if (environments.length > 0 && environments.every(({ name }) => bindings.idOf(name, props.slot) === null)) {
    return <span className={`${classes.chips} ${classes.unbound}`}>not bound anywhere yet</span>;
  }
  return (
    <span className={classes.chips}>
      {environments.map(({ name }) => {
        const bound = bindings.nameOf(name, props.slot);
        return bound === null ? (
          <span key={name} className={classes.unbound} title={`Nothing is bound in ${name}: a call would be refused`}>
            {name}: not bound
          </span>
        ) : (
          <EnvironmentChip key={name} name={name} text={bound} small />
        );
      })}
    </span>
  );
}
