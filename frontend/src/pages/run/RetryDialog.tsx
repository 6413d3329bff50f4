import { Button, Modal, Radio, SegmentedControl } from '@mantine/core';
import { runsApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { flowQuery, retryPlanQuery } from '../../api/queries.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { RetryPlan } from './RetryPlan.js';
import type { RunReply } from './RunPage.js';
import classes from './Retry.module.css';

type From = 'failed' | 'start';
type Version = 'same' | 'current';

/** Begins a run that tries this one again, once it is agreed what would happen twice. */
export function RetryDialog(props: { run: RunReply; onClose: () => void }) {
  const { run } = props;
  const navigate = useNavigate();
  const [from, setFrom] = useState<From>('failed');
  const [version, setVersion] = useState<Version>('same');
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const plan = useQuery(retryPlanQuery(run.id, { from, version }));
  const latest = useQuery(flowQuery(run.flow.id)).data?.deployments.find(
    ({ environment, status }) => environment === run.environment && status === 'active',
  );
  const retry = useWrite(runsApi.retry, {
    renews: [['runs']],
    onDone: ({ id }) => {
      props.onClose();
      void navigate({ to: '/runs/$runId', params: { runId: id } });
    },
  });
  const steps = plan.data?.steps ?? [];
  const repeats = steps.filter((step) => step.plan === 'repeats').map(({ id }) => id);
  const isAgreed = repeats.every((id) => ticked.includes(id));
  const problem = plan.error && toProblem(plan.error);
  const failedAt = run.steps.find(({ key }) => key === run.error?.step);
  return (
    <Modal opened onClose={props.onClose} title="Retry this run" size={560}>
      <div className={classes.dialog}>
        {retry.problem && <Notice tone="failed" title={retry.problem.message} />}
        <Radio.Group
          aria-label="Where it begins"
          value={from}
          onChange={(value) => {
            setFrom(value === 'start' ? 'start' : 'failed');
            setTicked([]);
          }}
        >
          <div className={classes.ways}>
            <Way
              value="failed"
              title={failedAt ? `From ${failedAt.name ?? failedAt.id}` : 'From where it stopped'}
              says="Keeps everything that succeeded"
            />
            <Way value="start" title="From the start" says="Does every step again" />
          </div>
        </Radio.Group>
        <div>
          <span className="label" id="retry-version">
            Version
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="retry-version"
            data={[
              { value: 'same', label: `Same, v${run.version}` },
              {
                value: 'current',
                label: latest
                  ? `Current, ${latest.version === run.version ? 'also ' : ''}v${latest.version}`
                  : 'Current',
              },
            ]}
            value={version}
            onChange={(value) => {
              setVersion(value === 'current' ? 'current' : 'same');
              setTicked([]);
            }}
          />
        </div>
        {plan.isPending && <LoadingRows what="what would happen" />}
        {problem && (
          <LoadFailed
            what="What would happen"
            message={problem.message}
            requestId={problem.requestId ?? undefined}
            onRetry={() => void plan.refetch()}
          />
        )}
        {plan.data && <RetryPlan steps={steps} ticked={ticked} onTick={setTicked} />}
        <div className={classes.foot}>
          <span className={classes.note}>
            {isAgreed ? 'Logged, with what happens again.' : 'Tick what may happen again, each of it.'}
          </span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            disabled={!plan.data || !isAgreed}
            loading={retry.busy}
            onClick={() => retry.run({ input: { params: { id: run.id }, body: { from, version, repeat: repeats } } })}
          >
            Retry
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Way(props: { value: From; title: string; says: string }) {
  return (
    <Radio.Card value={props.value} className={classes.way} aria-label={`${props.title}. ${props.says}`}>
      <Radio.Indicator />
      <span>
        <strong>{props.title}</strong>
        <span className={classes.says}>{props.says}</span>
      </span>
    </Radio.Card>
  );
}
