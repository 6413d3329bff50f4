import { Button, Modal, Select, TextInput } from '@mantine/core';
import { erasuresApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { environmentsQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Erasures.module.css';

const dayMs = 86_400_000;
/** As a date field writes it. */
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** What to look for, where and how far back. */
export function SearchDialog(props: { onClose: () => void; onStarted: (id: string) => void }) {
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const [environment, setEnvironment] = useState<string | null>(null);
  const [value, setValue] = useState('');
  const [from, setFrom] = useState(() => dayOf(now().getTime() - 90 * dayMs));
  const [to, setTo] = useState(() => dayOf(now().getTime()));
  const search = useWrite(erasuresApi.search, { renews: [['erasures']], onDone: ({ id }) => props.onStarted(id) });
  const place = environment ?? environments.at(-1)?.name ?? null;
  const isWhole = place !== null && value.trim().length >= 3 && from !== '' && to !== '' && from <= to;

  function submit() {
    if (place === null) return;
    const range = {
      from: `${from}T00:00:00.000Z`,
      to: new Date(Date.parse(`${to}T00:00:00.000Z`) + dayMs).toISOString(),
    };
    search.run({
      input: (reason) => ({ body: { environment: place, value: value.trim(), ...range, reason } }),
      confirm: {
        title: 'Open what is kept and look',
        body: `Every value that runs, deliveries and flows of ${place} keep is opened and compared. You see where it stands, and no value. Nothing is erased yet.`,
        reasonLabel: 'Reason, kept in the log',
        footnote: 'The log keeps your name, the reason and a keyed hash of what you look for.',
        verb: 'Look for it',
      },
    });
  }
  return (
    <Modal opened={!search.asking} onClose={props.onClose} title="Look for a person’s data" size={520}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {search.problem && (
          <Notice tone="failed" title={search.problem.message}>
            {search.problem.issues.map(({ message }) => message).join(' ')}
          </Notice>
        )}
        <TextInput
          label="What to look for"
          description="An e-mail address or an order number, whole, in upper or lower case"
          value={value}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setValue(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label="Environment"
          data={environments.map(({ name }) => name)}
          value={place}
          allowDeselect={false}
          onChange={setEnvironment}
        />
        <div className={classes.range}>
          <TextInput
            label="From"
            type="date"
            value={from}
            max={to}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            label="To"
            type="date"
            value={to}
            min={from}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </div>
        <p className="label">
          Days of UTC in which runs began. What flows remember between runs is looked at whatever its age.
        </p>
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={search.busy} disabled={!isWhole}>
            Look for it
          </Button>
        </div>
      </form>
    </Modal>
  );
}
