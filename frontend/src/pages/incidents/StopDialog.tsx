import { Button, Modal, SegmentedControl } from '@mantine/core';
import { type KillSwitchKind, killSwitchesApi, killSwitchKinds } from '@sluice/shared/api';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { isKind, kindWords, stopWords } from './kind-words.js';
import { TargetField } from './TargetField.js';
import classes from './Incidents.module.css';

/** Names what to stop; second factor and reason are asked in one go after it. */
export function StopDialog(props: { onClose: () => void }) {
  const [kind, setKind] = useState<KillSwitchKind>('connection');
  const [target, setTarget] = useState<{ id: string; name: string } | null>(null);
  const set = useWrite(killSwitchesApi.set, { renews: [['kill-switches']], onDone: props.onClose });
  return (
    <Modal opened={!set.asking} onClose={props.onClose} title="Stop something" size={560}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (target === null) return;
          set.run({
            input: (reason) => ({ body: { target: { kind, id: target.id }, reason } }),
            confirm: {
              title: `Stop ${target.name}`,
              body: `${stopWords[kind]} In force on every machine within a second, until it is released.`,
              verb: 'Stop it',
              danger: true,
              reasonLabel: 'Reason, kept in the log',
            },
          });
        }}
      >
        {set.problem && <Notice tone="failed" title={set.problem.message} />}
        <SegmentedControl
          aria-label="What to stop"
          data={killSwitchKinds.map((value) => ({ value, label: kindWords[value] }))}
          value={kind}
          onChange={(value) => {
            if (!isKind(value)) return;
            setKind(value);
            setTarget(null);
          }}
        />
        <TargetField key={kind} kind={kind} onChange={setTarget} />
        <p className="voice-2">{stopWords[kind]}</p>
        <div className={classes.foot}>
          <span className={classes.note}>Asks for your second factor and a reason.</span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" color="danger" loading={set.busy} disabled={target === null}>
            Stop
          </Button>
        </div>
      </form>
    </Modal>
  );
}
