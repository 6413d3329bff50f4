import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpOctagon, IconInfoCircle } from '@tabler/icons-react';
import classes from './Notice.module.css';

const icons = {
  failed: IconCircleX,
  waiting: IconAlertTriangle,
  succeeded: IconCircleCheck,
  'in-doubt': IconHelpOctagon,
  quiet: IconInfoCircle,
};

/** A sentence that must be seen where it stands. Failures are announced at once. */
export function Notice(props: {
  tone: keyof typeof icons;
  title: React.ReactNode;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  const Glyph = icons[props.tone];
  return (
    <div className={classes.notice} data-tone={props.tone} role={props.tone === 'failed' ? 'alert' : 'status'}>
      <Glyph size={16} stroke={1.75} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        <strong>{props.title}</strong>
        {props.children && <div className={classes.more}>{props.children}</div>}
      </div>
      {props.action}
    </div>
  );
}
