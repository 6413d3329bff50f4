import { Button, JsonInput, Modal, Select } from '@mantine/core';
import { deploymentsApi, type FlowReply } from '@sluice/shared/api';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { Notice } from '../../ui/Notice.js';
import { readJson } from '../panel/read-json.js';
import { useEditor } from '../store/editor-context.js';
import classes from './DeployDialog.module.css';

/** Starts a run by hand, with a body of one's own. */
export function RunDialog(props: { flow: FlowReply; onClose: () => void }) {
  const navigate = useNavigate();
  const trigger = useEditor((state) => state.samples.scope.trigger);
  const body = typeof trigger === 'object' && trigger !== null && 'body' in trigger ? trigger.body : {};
  const places = props.flow.deployments
    .filter(({ status }) => status === 'active')
    .map(({ environment }) => environment);
  const [environment, setEnvironment] = useState<string | null>(places[0] ?? null);
  const [text, setText] = useState(() => JSON.stringify(body, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  const start = useMutation({
    mutationFn: (input: Parameters<typeof call<typeof deploymentsApi.run>>[1]) => call(deploymentsApi.run, input),
    onSuccess: ({ runId }) => void navigate({ to: '/runs/$runId', params: { runId } }),
  });
  return (
    <Modal opened onClose={props.onClose} title="Run by hand" size={560}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const read = readJson(text);
          if (!read.ok) return setProblem(read.problem);
          if (environment !== null)
            start.mutate({ params: { id: props.flow.id }, body: { environment, input: read.value } });
        }}
      >
        {start.error && <Notice tone="failed" title={toProblem(start.error).message} />}
        {places.length === 0 && (
          <Notice tone="quiet" title="Nothing runs yet">
            Publish a version and deploy it to an environment first.
          </Notice>
        )}
        <Select
          label="Environment"
          data={places}
          value={environment}
          onChange={setEnvironment}
          disabled={places.length === 0}
        />
        <JsonInput
          className={classes.code}
          label="Input"
          description="JSON; becomes trigger.body"
          value={text}
          error={problem}
          autosize
          minRows={6}
          maxRows={16}
          onChange={(next) => {
            setText(next);
            setProblem(null);
          }}
        />
        <div className={classes.foot}>
          <span className={classes.note}>
            Runs the deployed version, not this draft. Calls the services that {environment ?? 'the environment'} is
            bound to.
          </span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={start.isPending} disabled={environment === null}>
            {environment === null ? 'Run' : `Run in ${environment}`}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
