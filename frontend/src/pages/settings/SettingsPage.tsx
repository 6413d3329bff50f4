import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Page } from '../../ui/Page.js';
import { Environments } from './Environments.js';
import { Members } from './Members.js';
import { Tokens } from './Tokens.js';
import classes from './Settings.module.css';

export function SettingsPage() {
  const me = useSuspenseQuery(meQuery()).data;
  return (
    <Page title="Settings" subtitle={me.workspace.name}>
      <div className={classes.column}>
        {me.permissions.includes('members.read') && (
          <Members mayManage={me.permissions.includes('members.manage')} meId={me.id} />
        )}
        <Tokens meId={me.id} />
        <Environments mayManage={me.permissions.includes('environments.manage')} />
      </div>
    </Page>
  );
}
