import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { findStep, type Group, groupColours } from '@sluice/shared/flow';
import { IconX } from '@tabler/icons-react';
import { plural } from '../../lib/format-count.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { tileOf, titleOf } from '../canvas/step-words.js';
import { useActions, useEditor } from '../store/editor-context.js';
import flowClasses from './FlowPanel.module.css';
import head from './PanelHead.module.css';
import classes from './GroupPanel.module.css';

/** A group: its title and colour, and the steps in it. */
export function GroupPanel(props: { group: Group; onShow: (stepId: string) => void; onClose: () => void }) {
  const { group } = props;
  const actions = useActions();
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const steps = group.steps.flatMap((id) => findStep(document, id) ?? []);
  function set(change: Partial<Group>) {
    actions.change({ kind: 'set-group', group: { ...group, ...change } }, { merge: `group:${group.id}` });
  }
  return (
    <section className={flowClasses.panel} aria-label="Group">
      <header className={head.head}>
        <div className={head.words}>
          <h2 className="for-readers">Group</h2>
          <input
            className={head.name}
            aria-label="Title of the group"
            value={group.title}
            placeholder="Name the group"
            maxLength={120}
            disabled={isReadOnly}
            autoFocus={group.title === ''}
            onChange={(event) => set({ title: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur();
            }}
          />
          <span className="voice-3">Only for the eye: a group changes nothing about how the flow runs.</span>
        </div>
        <ActionIcon aria-label="Close panel" onClick={props.onClose}>
          <IconX size={16} stroke={1.75} />
        </ActionIcon>
      </header>
      <div className={flowClasses.scroll}>
        <section className={flowClasses.part}>
          <h3 className={flowClasses.sub}>Colour</h3>
          <SegmentedControl
            fullWidth
            aria-label="Colour"
            value={group.colour}
            disabled={isReadOnly}
            data={groupColours.map((colour) => ({ value: colour, label: <Swatch colour={colour} /> }))}
            onChange={(value) => set({ colour: groupColours.find((colour) => colour === value) ?? group.colour })}
          />
        </section>
        <section className={flowClasses.part}>
          <h3 className={flowClasses.sub}>{plural(steps.length, 'step')}</h3>
          <ul className={classes.steps}>
            {steps.map((step) => (
              <li key={step.id}>
                <button type="button" onClick={() => props.onShow(step.id)}>
                  <ConnectorTile name={tileOf(step, document)} size={20} />
                  {titleOf(step, document, catalogue)}
                </button>
              </li>
            ))}
          </ul>
          <Button
            mt={10}
            size="sm"
            variant="default"
            disabled={isReadOnly}
            onClick={() => actions.change({ kind: 'remove-group', id: group.id }, { select: group.steps })}
          >
            Ungroup
          </Button>
        </section>
      </div>
    </section>
  );
}

function Swatch({ colour }: { colour: Group['colour'] }) {
  return (
    <span className={classes.swatch} data-colour={colour}>
      {colour[0]?.toUpperCase()}
      {colour.slice(1)}
    </span>
  );
}
