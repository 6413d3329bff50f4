import { Modal } from '@mantine/core';
import { Keys } from '../../ui/Keys.js';
import { commands, type KeyGroup, keyGroups } from './commands.js';
import classes from './Commands.module.css';

/** What is no command: read where it is pressed. */
const more: readonly { group: KeyGroup; label: string; keys: string }[] = [
  { group: 'Change', label: 'Move what is selected by 20', keys: 'Alt+Arrows' },
  { group: 'Change', label: 'Copy, cut, paste', keys: 'mod+c x v' },
  { group: 'Move around', label: 'Along the flow', keys: 'Tab' },
  { group: 'Move around', label: 'Go to the nearest step', keys: 'Arrows' },
  { group: 'Move around', label: 'Open the step', keys: 'Enter' },
  { group: 'Move around', label: 'Let go of what is selected', keys: 'Esc' },
  { group: 'Move around', label: 'Find in the palette', keys: '/' },
  { group: 'Fields', label: 'Literal, template, expression', keys: 'Alt+1 2 3' },
  { group: 'Fields', label: 'Completion', keys: 'Ctrl+Space' },
];

/** The keys of the editor, from the list that the keyboard itself reads. */
export function KeysDialog(props: { onClose: () => void }) {
  const all = [
    ...commands.flatMap(({ group, label, keys: [keys] }) => (keys ? [{ group, label, keys }] : [])),
    ...more,
  ];
  return (
    <Modal opened onClose={props.onClose} title="Keys of the editor" size={620}>
      <p className="voice-2">What changes on the canvas is told to screen readers, however it was done.</p>
      {keyGroups.map((group) => (
        <section key={group} className={classes.group}>
          <h3 className="label">{group}</h3>
          <dl className={classes.keys}>
            {all
              .filter((each) => each.group === group)
              .map(({ label, keys }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <Keys>{spoken(keys)}</Keys>
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}

function spoken(keys: string): string {
  const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return keys
    .replace('mod+', isApple ? '⌘' : 'Ctrl ')
    .replace('shift+', isApple ? '⇧' : 'Shift ')
    .replace(/(^|[ ⌘⇧])([a-z])$/, (_, before: string, letter: string) => before + letter.toUpperCase());
}
