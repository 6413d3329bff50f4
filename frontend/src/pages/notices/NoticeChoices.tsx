import { Checkbox } from '@mantine/core';
import { type NoticePreference, noticesApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { noticePreferencesQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { kindWords } from './notice-kinds.js';
import settings from '../settings/Settings.module.css';
import classes from './Notices.module.css';

/** What a member wants to hear of, and how. */
export function NoticeChoices() {
  const query = useQuery(noticePreferencesQuery());
  const prefer = useWrite(noticesApi.prefer, { renews: [noticePreferencesQuery().queryKey] });
  const problem = query.error && toProblem(query.error);
  const choose = (kind: NoticePreference) => prefer.run({ input: { body: { kinds: [kind] } } });
  return (
    <Card flush title="What you are told of">
      {query.isPending && (
        <div className={settings.pad}>
          <LoadingRows what="your notices" rows={3} />
        </div>
      )}
      {problem && (
        <LoadFailed
          what="Your notices"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void query.refetch()}
        />
      )}
      {prefer.problem && <Notice tone="failed" title={prefer.problem.message} />}
      {query.data && query.data.undelivered > 0 && (
        <div className={settings.pad}>
          <Notice tone="failed" title={`${plural(query.data.undelivered, 'mail')} to you could not be delivered`}>
            An admin sees why in the settings. Is your address right?
          </Notice>
        </div>
      )}
      {query.data && !query.data.mail && (
        <div className={settings.pad}>
          <Notice tone="quiet" title="No mail is sent from here">
            This installation has no mail server: whoever runs it sets SLUICE_SMTP_URL.
          </Notice>
        </div>
      )}
      {query.data && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" className={classes.choice}>
                Here
              </th>
              <th scope="col" className={classes.choice}>
                By mail
              </th>
            </tr>
          </thead>
          <tbody>
            {query.data.kinds.map((choice) => (
              <tr key={choice.kind}>
                <td>
                  {kindWords[choice.kind].name}
                  <div className="label">{kindWords[choice.kind].about}</div>
                </td>
                <td>
                  <Checkbox
                    aria-label={`${kindWords[choice.kind].name}, here`}
                    checked={choice.bell}
                    onChange={(event) => choose({ ...choice, bell: event.currentTarget.checked })}
                  />
                </td>
                <td>
                  {choice.kind !== 'notice.undelivered' && (
                    <Checkbox
                      aria-label={`${kindWords[choice.kind].name}, by mail`}
                      checked={choice.mail && query.data.mail}
                      disabled={!query.data.mail}
                      onChange={(event) => choose({ ...choice, mail: event.currentTarget.checked })}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
