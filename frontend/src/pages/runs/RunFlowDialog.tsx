import { Button, Modal, Select, Textarea } from '@mantine/core';
import { deploymentsApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import { flowsQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Runs.module.css';

/** Starts a deployed flow by hand. */
export function RunFlowDialog(props: { onClose: () => void }) {
  const navigate = useNavigate();
  const flows = (useQuery(flowsQuery()).data?.items ?? []).filter((flow) =>
    flow.deployments.some(({ status }) => status === 'active'),
  );
  const [flowId, setFlowId] = useState<string | null>(null);
  const [environment, setEnvironment] = useState<string | null>(null);
  const [input, setInput] = useState('{}');
  const [inputProblem, setInputProblem] = useState<string | null>(null);
  const start = useWrite(deploymentsApi.run, {
    renews: [['runs']],
    onDone: ({ runId }) => void navigate({ to: '/runs/$runId', params: { runId } }),
  });
  const flow = flows.find(({ id }) => id === flowId);
  const places = flow?.deployments.filter(({ status }) => status === 'active').map((each) => each.environment) ?? [];
  const place = environment && places.includes(environment) ? environment : (places[0] ?? null);

  function submit() {
    if (!flow || !place) return;
    const parsed = readJson(input);
    if (!parsed.ok) {
      setInputProblem(parsed.problem);
      return;
    }
    start.run({ input: { params: { id: flow.id }, body: { environment: place, input: parsed.value } } });
  }
  return (
    <Modal opened onClose={props.onClose} title="Run a flow" size={560}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {start.problem && <Notice tone="failed" title={start.problem.message} />}
        {flows.length === 0 && (
          <Notice tone="quiet" title="No flow is deployed yet">
            Publish one and deploy it to an environment first.
          </Notice>
        )}
        <Select
          label="Flow"
          placeholder="Choose a deployed flow"
          searchable
          data={flows.map(({ id, name }) => ({ value: id, label: name }))}
          value={flowId}
          onChange={setFlowId}
        />
        <Select
          label="Environment"
          data={places}
          value={place}
          onChange={setEnvironment}
          disabled={places.length === 0}
        />
        <Textarea
          className={classes.code}
          label="Input"
          description="JSON; becomes the body of the trigger"
          autosize
          minRows={5}
          maxRows={14}
          value={input}
          error={inputProblem}
          onChange={(event) => {
            setInput(event.currentTarget.value);
            setInputProblem(null);
          }}
        />
        <div className={classes.foot}>
          <span className={classes.note2}>Calls the real services of {place ?? 'the environment'}.</span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={start.busy} disabled={!flow || !place}>
            {place ? `Run in ${place}` : 'Run'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const json = z.json();
type Json = z.output<typeof json>;

function readJson(text: string): { ok: true; value: Json } | { ok: false; problem: string } {
  try {
    return { ok: true, value: json.parse(JSON.parse(text.trim() === '' ? 'null' : text)) };
  } catch (thrown) {
    const detail = thrown instanceof SyntaxError ? `: ${thrown.message}` : '';
    return { ok: false, problem: `This is not valid JSON${detail}` };
  }
}
