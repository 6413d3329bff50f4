import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Page } from '../../ui/Page.js';
import { Deliveries } from './Deliveries.js';
import { Environments } from './Environments.js';
import { Keys } from './Keys.js';
import { Members } from './Members.js';
import { Tokens } from './Tokens.js';
import { NoticeWebhook } from './NoticeWebhook.js';
import { Storage } from './Storage.js';
import classes from './Settings.module.css';

export function SettingsPage() {
  const me = useSuspenseQuery(meQuery()).data;
  const mayManage = me.permissions.includes('environments.manage');
  return (
    <Page title="Settings" subtitle={me.workspace.name}>
      <div className={classes.column}>
        {me.permissions.includes('members.read') && (
          <Members mayManage={me.permissions.includes('members.manage')} meId={me.id} />
        )}
        <Tokens meId={me.id} />
        <Environments mayAdd={mayManage} />
        {me.permissions.includes('keys.manage') && <Keys />}
        <Storage />
        {mayManage && <NoticeWebhook />}
        {mayManage && <Deliveries />}
      </div>
    </Page>
  );
}
