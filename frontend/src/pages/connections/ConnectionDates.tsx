import { Button } from '@mantine/core';
import type { Connection } from '@sluice/shared/api';
import { useState } from 'react';
import { Facts, PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import { DatesDialog } from './DatesDialog.js';
import classes from './Connections.module.css';

/** Who looks after it, and when something has to be done. */
export function ConnectionDates(props: { connection: Connection; mayManage: boolean }) {
  const { connection } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <PanelPart
      title="Owner and dates"
      aside={
        props.mayManage &&
        connection.status === 'active' && (
          <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
            Change
          </Button>
        )
      }
    >
      <Facts
        items={[
          ['Owner', connection.owner.name],
          ['Secret set', <Time key="set" at={connection.rotatedAt} />],
          [
            'Due for rotation',
            connection.dueAt ? (
              <Time key="due" at={connection.dueAt} as="day" />
            ) : (
              <span key="due" className={classes.soon}>
                never
              </span>
            ),
          ],
          ['Ends', connection.expiresAt && <Time key="ends" at={connection.expiresAt} as="day" />],
          ['Last call', connection.lastUsedAt ? <Time key="used" at={connection.lastUsedAt} /> : 'never'],
        ]}
      />
      {isOpen && <DatesDialog connection={connection} onClose={() => setOpen(false)} />}
    </PanelPart>
  );
}
