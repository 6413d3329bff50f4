import { IconAlertTriangle, IconEye, IconPencil } from '@tabler/icons-react';
import { Time } from '../../ui/Time.js';
import { useEditor } from '../store/editor-context.js';
import classes from './TopBar.module.css';

/** Whether the draft is kept, and since when. */
export function SaveWord() {
  const save = useEditor((state) => state.save);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  if (isReadOnly) {
    return (
      <span className={classes.save}>
        <span className={classes.state}>
          <IconEye size={14} stroke={2} aria-hidden /> Read only
        </span>
      </span>
    );
  }
  return (
    <span className={classes.save} role="status">
      <span className={classes.state}>
        <IconPencil size={14} stroke={2} aria-hidden /> Draft
      </span>
      {save.kind === 'saved' && save.at !== null && (
        <span className={classes.said}>
          saved <Time at={save.at} />
        </span>
      )}
      {(save.kind === 'pending' || save.kind === 'saving') && <span className={classes.said}>saving…</span>}
      {save.kind === 'conflict' && <span className={`${classes.said} ${classes.failed}`}>not saved</span>}
      {save.kind === 'failed' && (
        <span className={`${classes.said} ${classes.failed}`} title={save.message}>
          <IconAlertTriangle size={13} stroke={2} aria-hidden />{' '}
          {save.isTriedAgain ? 'kept here, sent again soon' : 'not saved'}: {save.message}
        </span>
      )}
    </span>
  );
}
