import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import { containersAround, type Step, stepIdSchema } from '@sluice/shared/flow';
import { IconArrowBarRight, IconCopy, IconDots, IconId, IconPower, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { removeOperations } from '../canvas/from-canvas.js';
import { takeOutOperations } from '../canvas/relevel.js';
import { tileOf, titleOf } from '../canvas/step-words.js';
import { duplicateSteps } from '../commands/copy-steps.js';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import classes from './PanelHead.module.css';

/** Name, what it is, and what can be done with it. */
export function PanelHead(props: { step: Step; onClose: () => void }) {
  const { step } = props;
  const store = useEditorStore();
  const actions = useActions();
  const tile = useEditor((state) => tileOf(step, state.document));
  const title = useEditor((state) => titleOf(step, state.document, state.catalogue));
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const isInLoop = useEditor((state) => containersAround(state.document, step.id).length > 0);
  const [isRenaming, setRenaming] = useState(false);
  function duplicate() {
    const { operation, select } = duplicateSteps(store.getState().document, [step.id]);
    actions.change(operation, { select });
  }
  return (
    <header className={classes.head}>
      <ConnectorTile name={tile} size={32} round={step.kind === 'trigger'} />
      <div className={classes.words}>
        <h2 className="for-readers">{title}</h2>
        <input
          key={step.id}
          className={classes.name}
          aria-label="Name of the step"
          value={step.name ?? ''}
          placeholder={title}
          maxLength={120}
          disabled={isReadOnly}
          onChange={(event) => {
            const { name: _before, ...rest } = step;
            const name = event.currentTarget.value;
            actions.change(
              { kind: 'update-step', step: name === '' ? rest : { ...rest, name } },
              { merge: `${step.id}:name` },
            );
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
        <code className={classes.what}>{whatItIs(step)}</code>
      </div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label="More for this step">
            <IconDots size={16} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconId size={15} />} disabled={isReadOnly} onClick={() => setRenaming(true)}>
            Change its id
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={15} />}
            disabled={isReadOnly || step.kind === 'trigger'}
            onClick={duplicate}
          >
            Duplicate
          </Menu.Item>
          {isInLoop && (
            <Menu.Item
              leftSection={<IconArrowBarRight size={15} />}
              disabled={isReadOnly}
              onClick={() => actions.change(takeOutOperations(store.getState().document, step.id))}
            >
              Take out of the loop
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconPower size={15} />}
            disabled={isReadOnly}
            onClick={() => actions.change({ kind: 'update-step', step: { ...step, disabled: !step.disabled } })}
          >
            {step.disabled ? 'Switch on' : 'Switch off'}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={15} />}
            color="danger"
            disabled={isReadOnly}
            onClick={() => actions.change(removeOperations(store.getState().document, [step.id]))}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon aria-label="Close panel" onClick={props.onClose}>
        <IconX size={16} stroke={1.75} />
      </ActionIcon>
      {isRenaming && <IdDialog stepId={step.id} onClose={() => setRenaming(false)} />}
    </header>
  );
}

function whatItIs(step: Step): string {
  if (step.kind === 'action') return step.action;
  if (step.kind === 'compute') return `${step.connector}.${step.computation}`;
  return step.kind === 'trigger' ? `${step.connector}.${step.trigger}` : `steps.${step.id}`;
}

/** The id is the step's name in expressions; those that read it follow. */
function IdDialog(props: { stepId: string; onClose: () => void }) {
  const actions = useActions();
  const [id, setId] = useState(props.stepId);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Modal opened onClose={props.onClose} title="Change the id of the step">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const parsed = stepIdSchema.safeParse(id);
          const refusal = parsed.success
            ? actions.change({ kind: 'rename-step', id: props.stepId, to: id }, { select: [id] })
            : 'An id is a letter, then up to 63 letters, digits or underscores.';
          if (refusal === null) props.onClose();
          else setProblem(refusal);
        }}
      >
        <TextInput
          label="Id"
          description={`Expressions read the step as steps.${id}. Those in this flow are rewritten.`}
          value={id}
          error={problem}
          onChange={(event) => setId(event.currentTarget.value)}
          data-autofocus
        />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit">Change id</Button>
        </div>
      </form>
    </Modal>
  );
}
