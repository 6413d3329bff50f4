import { Button, Popover, Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { TrialData } from './TrialData.js';
import { TrialProblem } from './TrialProblem.js';
import { useTrial } from './use-trial.js';
import classes from './Trial.module.css';

/** Runs the whole draft before it is published. */
export function TryMenu() {
  const trial = useTrial();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={340} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={15} stroke={1.75} />}
          loading={trial.isStarting}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          Try
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Try the draft">
        <div className={classes.form}>
          {trial.reason !== null && <Notice tone="quiet" title={trial.reason} />}
          <Select
            label="In"
            data={[...trial.places]}
            value={trial.environment}
            onChange={(name) => name !== null && trial.chooseEnvironment(name)}
            allowDeselect={false}
            disabled={trial.places.length === 0}
            comboboxProps={{ withinPortal: false }}
          />
          <TrialData withinPortal={false} />
          <TrialProblem />
          <Button
            disabled={trial.reason !== null}
            onClick={() => {
              trial.start({ calls: 'none' });
              setOpen(false);
            }}
          >
            Try with stand-ins
          </Button>
          <p className={classes.hint}>Nothing leaves: each service answers with its sample.</p>
          <Button
            variant="default"
            disabled={trial.reason !== null}
            onClick={() => {
              trial.start({ calls: 'all' });
              setOpen(false);
            }}
          >
            Run for real in {trial.environment ?? 'dev'}
          </Button>
          <p className={classes.hint}>Calls the services with the connections of {trial.environment ?? 'dev'}.</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
