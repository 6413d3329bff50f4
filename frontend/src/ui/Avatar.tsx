import { IconCpu } from '@tabler/icons-react';
import { toneFor } from './person-tone.js';
import classes from './Avatar.module.css';

function initials(name: string): string {
  const words = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0] ?? '')
    .join('')
    .toUpperCase();
}

/** A person by initials, or a part of the program by a chip. Always beside the name, so readers skip it. */
export function Avatar(props: { name: string; machine?: boolean; size?: number; ring?: boolean }) {
  const size = props.size ?? 26;
  return (
    <span
      className={classes.avatar}
      data-tone={props.machine ? 'machine' : toneFor(props.name)}
      data-ring={props.ring || undefined}
      style={{ width: size, height: size, fontSize: size < 24 ? 9 : 11 }}
      title={props.name}
      aria-hidden
    >
      {props.machine ? <IconCpu size={12} stroke={2} /> : initials(props.name)}
    </span>
  );
}
