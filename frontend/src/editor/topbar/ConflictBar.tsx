import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { Notice } from '../../ui/Notice.js';
import { useEditor } from '../store/editor-context.js';
import type { Saving } from '../store/use-draft-saver.js';
import classes from './TopBar.module.css';

/** Somebody else saved this draft: nothing more is sent until the person decides. */
export function ConflictBar({ saving }: { saving: Saving }) {
  const isConflict = useEditor((state) => state.save.kind === 'conflict');
  const reload = useMutation({ mutationFn: saving.reload });
  if (!isConflict) return null;
  return (
    <div className={classes.conflict}>
      <Notice
        tone="waiting"
        title="Somebody else saved this draft meanwhile"
        action={
          <Button size="sm" variant="default" loading={reload.isPending} onClick={() => reload.mutate()}>
            Reload
          </Button>
        }
      >
        {reload.error
          ? toProblem(reload.error).message
          : 'What you changed since then stays here and is not sent. Copy the steps you need (⌘C), reload, and paste them.'}
      </Notice>
    </div>
  );
}
