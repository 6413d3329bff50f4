import { Button, Textarea } from '@mantine/core';
import { type Role, runsApi } from '@sluice/shared/api';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { deciderWords } from './decider-words.js';
import classes from './Decisions.module.css';

/** What a run asks a person: the question, what there is to know, and two answers. */
export function DecideForm(props: {
  run: string;
  /** The key of the step that asks. */
  step: string;
  question: string;
  details: Readonly<Record<string, unknown>>;
  deciders: readonly Role[];
  mayDecide: boolean;
  /** Where it stands among the headings around it. */
  heading: 'h2' | 'h3';
}) {
  const Heading = props.heading;
  const [note, setNote] = useState('');
  const decide = useWrite(runsApi.decide, { renews: [['runs']] });
  function answer(decision: 'approved' | 'refused') {
    const said = note.trim();
    decide.run({
      input: {
        params: { id: props.run, stepId: props.step },
        body: { decision, ...(said !== '' && { note: said }) },
      },
    });
  }
  return (
    <div className={classes.decide}>
      <Heading className={classes.question}>{props.question}</Heading>
      <Details of={props.details} />
      {decide.problem && <Notice tone="failed" title={decide.problem.message} />}
      {props.mayDecide ? (
        <>
          <Textarea
            label="Note, kept with the decision"
            autosize
            minRows={1}
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <div className={classes.answers}>
            <Button size="sm" loading={decide.busy} onClick={() => answer('approved')}>
              Approve
            </Button>
            <Button
              size="sm"
              variant="default"
              className={classes.refuse}
              disabled={decide.busy}
              onClick={() => answer('refused')}
            >
              Refuse
            </Button>
          </div>
        </>
      ) : (
        <p className={classes.mayNot}>{deciderWords(props.deciders)}</p>
      )}
    </div>
  );
}

function Details(props: { of: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(props.of);
  if (entries.length === 0) return null;
  return (
    <dl className={classes.details}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {typeof value === 'object' && value !== null ? (
              <pre className={classes.json} tabIndex={0} aria-label={name}>
                {JSON.stringify(value, null, 2)}
              </pre>
            ) : (
              String(value)
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
