import {
  type Icon,
  IconBuilding,
  IconCreditCard,
  IconHeartbeat,
  IconLock,
  IconUser,
  IconWorld,
} from '@tabler/icons-react';
import classes from './ClassTag.module.css';

const icons = {
  public: IconWorld,
  internal: IconBuilding,
  personal: IconUser,
  payment: IconCreditCard,
  health: IconHeartbeat,
  secret: IconLock,
} as const satisfies Record<string, Icon>;

export type FieldClass = keyof typeof icons;

export function isFieldClass(name: string): name is FieldClass {
  return Object.hasOwn(icons, name);
}

/** The class of a field; `text` replaces the word ("email, name"), `iconOnly` is for a step on the canvas. */
export function ClassTag(props: { name: FieldClass; text?: string; iconOnly?: boolean }) {
  const Glyph = icons[props.name];
  return (
    <span
      className={classes.tag}
      data-class={props.name}
      data-icon={props.iconOnly || undefined}
      title={props.text || props.iconOnly ? props.name : undefined}
    >
      <Glyph size={12} stroke={2} aria-hidden />
      {props.iconOnly ? <span className="for-readers">{props.name}</span> : (props.text ?? props.name)}
    </span>
  );
}
