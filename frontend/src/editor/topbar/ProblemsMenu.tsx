import { Button, Menu } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { plural } from '../../lib/format-count.js';
import { useEditor } from '../store/editor-context.js';
import classes from './TopBar.module.css';

/** How many problems stop the draft from being published; opens the list. F8 goes through them. */
export function ProblemsMenu(props: { onShow: (stepId: string) => void }) {
  const problems = useEditor((state) => state.problems);
  const isClean = problems.length === 0;
  return (
    <Menu position="bottom-end" width={400} disabled={isClean}>
      <Menu.Target>
        <Button
          className={classes.problems}
          variant="default"
          px={9}
          aria-label={isClean ? 'No problems' : plural(problems.length, 'problem')}
          title={isClean ? 'No problems' : 'Problems (F8 goes through them)'}
          c={isClean ? 'var(--succeeded)' : 'var(--failed)'}
          leftSection={isClean ? undefined : <IconAlertTriangle size={15} stroke={1.75} aria-hidden />}
        >
          {isClean ? <IconCircleCheck size={16} stroke={1.75} aria-hidden /> : problems.length}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: 'auto' }}>
        {problems.map((problem) => {
          const { step } = problem;
          return (
            <Menu.Item
              key={`${problem.code} ${problem.message}`}
              className={classes.problem}
              onClick={() => step !== undefined && props.onShow(step)}
            >
              {problem.message}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
