import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useKeys } from '../lib/use-keys.js';
import classes from './SidePanel.module.css';

/** What is selected, at the right of the list. Esc closes it; its buttons in `foot` never scroll away. */
export function SidePanel(props: {
  label: string;
  width?: number;
  onClose: () => void;
  children: React.ReactNode;
  foot?: React.ReactNode;
}) {
  useKeys({ Escape: props.onClose });
  return (
    <aside className={classes.panel} aria-label={props.label} style={{ '--panel': `${props.width ?? 348}px` }}>
      <ActionIcon className={classes.close} aria-label="Close panel" onClick={props.onClose}>
        <IconX size={16} stroke={1.75} />
      </ActionIcon>
      <div className={classes.body}>{props.children}</div>
      {props.foot && <div className={classes.foot}>{props.foot}</div>}
    </aside>
  );
}

/** A part of a panel, parted from the next by a line. */
export function PanelPart(props: { title?: string; aside?: React.ReactNode; children: React.ReactNode }) {
  return (
    <section className={classes.part}>
      {props.title && (
        <div className={classes.head}>
          <h3 className={classes.title}>{props.title}</h3>
          {props.aside && <span className="label">{props.aside}</span>}
        </div>
      )}
      {props.children}
    </section>
  );
}

/** Label and value pairs; an absent value leaves its line out. */
export function Facts(props: { items: readonly (readonly [label: string, value: React.ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {props.items
        .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
