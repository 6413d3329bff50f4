import { Button } from '@mantine/core';
import { type Notice as Told, noticesApi } from '@sluice/shared/api';
import { useRouter } from '@tanstack/react-router';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { kindWords } from './notice-kinds.js';
import classes from './Notices.module.css';

/** One thing that the reader is told; following it reads it. */
export function NoticeRow(props: { notice: Told }) {
  const { id, kind, title, link, environment, count, firstAt, lastAt, readAt } = props.notice;
  const router = useRouter();
  const mark = useWrite(noticesApi.mark, { renews: [['notices']] });
  const set = (read: boolean) => mark.run({ input: { params: { id }, body: { read } } });
  const isUnread = readAt === null;
  return (
    <li className={classes.row} data-unread={isUnread || undefined}>
      <div className={classes.grow}>
        <a
          href={link}
          className={classes.title}
          onClick={(event) => {
            if (isUnread) set(true);
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            router.history.push(link);
          }}
        >
          {title}
        </a>
        <span className={`label ${classes.meta}`}>
          {kindWords[kind].name}
          {environment !== null && <EnvironmentChip name={environment} />}
          <span>
            {count > 1 && (
              <>
                since <Time at={firstAt} />, last{' '}
              </>
            )}
            <Time at={lastAt} />
          </span>
        </span>
        {mark.problem && <Notice tone="failed" title={mark.problem.message} />}
      </div>
      <Button
        size="sm"
        variant="default"
        loading={mark.busy}
        aria-label={`Mark as ${isUnread ? 'read' : 'unread'}: ${title}`}
        onClick={() => set(isUnread)}
      >
        {isUnread ? 'Read' : 'Unread'}
      </Button>
    </li>
  );
}
