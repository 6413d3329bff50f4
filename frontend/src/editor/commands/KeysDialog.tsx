import { Modal } from '@mantine/core';
import { Keys } from '../../ui/Keys.js';
import { commands } from './commands.js';
import classes from './Commands.module.css';

const more: readonly (readonly [string, string])[] = [
  ['Go to the nearest step', 'Arrows'],
  ['Move by 20', 'Alt+Arrows'],
  ['Open the step', 'Enter'],
  ['Copy, cut, paste', 'mod+c x v'],
  ['Find in the palette', '/'],
  ['Literal, template, expression', 'Alt+1 2 3'],
  ['Completion', 'Ctrl+Space'],
];

/** The keys of the editor, from the list that the keyboard itself reads. */
export function KeysDialog(props: { onClose: () => void }) {
  const all = [...commands.map(({ label, keys }) => [label, keys[0] ?? ''] as const), ...more];
  return (
    <Modal opened onClose={props.onClose} title="Keys of the editor" size={560}>
      <dl className={classes.keys}>
        {all.map(([label, keys]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <Keys>{spoken(keys)}</Keys>
            </dd>
          </div>
        ))}
      </dl>
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
