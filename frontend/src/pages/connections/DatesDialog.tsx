import { Button, Modal, Select, TextInput } from '@mantine/core';
import { type Connection, connectionsApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { membersQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Connections.module.css';

const intervals = [30, 60, 90, 180, 365] as const;

/** Who looks after a connection, how often its secret is due, and when it ends. */
export function DatesDialog(props: { connection: Connection; onClose: () => void }) {
  const { connection } = props;
  const members = useQuery(membersQuery()).data?.items ?? [];
  const [owner, setOwner] = useState<string | null>(connection.owner.id);
  const [days, setDays] = useState<string | null>(String(connection.rotateDays ?? 'never'));
  const [ends, setEnds] = useState(connection.expiresAt?.slice(0, 10) ?? '');
  const change = useWrite(connectionsApi.change, { renews: [['connections']], onDone: props.onClose });
  const owners = new Map([
    [connection.owner.id, connection.owner.name],
    ...members.map(({ id, name }) => [id, name] as const),
  ]);
  const choices = new Set([...intervals, ...(connection.rotateDays === null ? [] : [connection.rotateDays])]);
  return (
    <Modal opened onClose={props.onClose} title={`Owner and dates of ${connection.name}`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.run({
            input: {
              params: { id: connection.id },
              body: {
                ...(owner && owner !== connection.owner.id && { owner }),
                rotateDays: days === 'never' ? null : Number(days),
                expiresAt: ends === '' ? null : new Date(`${ends}T00:00:00Z`).toISOString(),
              },
            },
          });
        }}
      >
        {change.problem && <Notice tone="failed" title={change.problem.message} />}
        <Select
          label="Owner"
          description="Is told fourteen and three days before a date, and on it."
          allowDeselect={false}
          data={[...owners].map(([value, label]) => ({ value, label }))}
          value={owner}
          onChange={setOwner}
        />
        <Select
          label="Rotate the secret"
          allowDeselect={false}
          data={[
            ...[...choices].toSorted((a, b) => a - b).map((n) => ({ value: String(n), label: `every ${n} days` })),
            { value: 'never', label: 'never' },
          ]}
          value={days}
          onChange={setDays}
        />
        <TextInput
          type="date"
          label="The service ends it on"
          description="Empty: not that anybody knows."
          value={ends}
          onChange={(event) => setEnds(event.currentTarget.value)}
        />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.busy}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
