import { Button, Modal, Select, Textarea } from '@mantine/core';
import { type Call, type Connection, deploymentsApi, type FlowReply, type Reply } from '@sluice/shared/api';
import { fieldClasses } from '@sluice/shared/connector';
import { checkEnvironment } from '@sluice/shared/flow';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { connectionsQuery, environmentsQuery, versionQuery } from '../../api/queries.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { Notice } from '../../ui/Notice.js';
import { RefusedIn } from '../panel/RefusedIn.js';
import { useBindings } from '../panel/use-bindings.js';
import { useEditor } from '../store/editor-context.js';
import { Deployed } from './Deployed.js';
import classes from './DeployDialog.module.css';

export type DeployReply = Reply<typeof deploymentsApi.deploy>;

/** Runs a version in an environment: which one, where, with which connections. */
export function DeployDialog(props: { flow: FlowReply; environment?: string | undefined; onClose: () => void }) {
  const { flow } = props;
  const client = useQueryClient();
  const [done, setDone] = useState<DeployReply | null>(null);
  const [promoted, setPromoted] = useState<{ environment: string; version: number } | null>(null);
  const deploy = useMutation({
    mutationFn: (input: Call<typeof deploymentsApi.deploy>) => call(deploymentsApi.deploy, input),
    onSuccess: setDone,
    onSettled: () => Promise.all([['flows'], ['grants']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  if (done) {
    const promote = (environment: string) => {
      setPromoted({ environment, version: done.version });
      setDone(null);
    };
    return <Deployed deployment={done} onPromote={promote} onClose={props.onClose} />;
  }
  return (
    <Modal opened onClose={props.onClose} title={`Deploy ${flow.name}`} size={560}>
      <DeployForm
        key={promoted?.environment}
        flow={flow}
        environment={promoted?.environment ?? props.environment}
        version={promoted?.version}
        busy={deploy.isPending}
        problem={deploy.error ? toProblem(deploy.error) : null}
        onDeploy={(input) => deploy.mutate(input)}
        onClose={props.onClose}
      />
    </Modal>
  );
}

function DeployForm(props: {
  flow: FlowReply;
  environment: string | undefined;
  version: number | undefined;
  busy: boolean;
  problem: ReturnType<typeof toProblem> | null;
  onDeploy: (input: Call<typeof deploymentsApi.deploy>) => void;
  onClose: () => void;
}) {
  const { flow } = props;
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const connections = useQuery(connectionsQuery()).data?.items ?? [];
  const bound = useBindings();
  const latest = flow.latestVersion ?? 1;
  const [environment, setEnvironment] = useState(props.environment ?? null);
  const [version, setVersion] = useState(props.version ?? latest);
  const [reason, setReason] = useState('');
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const place = environments.find(({ name }) => name === environment) ?? environments[0];
  const published = useQuery(versionQuery(flow.id, version)).data;
  const manifest = published?.manifest;
  const catalogue = useEditor((state) => state.catalogue);
  const boundaries = useEditor((state) => state.boundaries);
  const refused = useMemo(() => {
    if (published === undefined || place === undefined) return [];
    const { name, policy } = place;
    const takes = { name, classes: policy.classes ?? [...fieldClasses] };
    return checkEnvironment({ document: published.document, catalogue, boundaries }, takes);
  }, [published, place, catalogue, boundaries]);
  const slots = manifest ? Object.entries(manifest.slots) : [];
  const fitting = (connector: string) =>
    connections.filter(
      (connection) =>
        connection.connector === connector && connection.environment === place?.name && connection.status === 'active',
    );
  function connectionFor(slot: string, connector: string): string | null {
    const options = fitting(connector);
    const wanted = chosen[`${place?.name}/${slot}`] ?? (place && bound.idOf(place.name, slot));
    return options.find(({ id }) => id === wanted)?.id ?? (options.length === 1 ? (options[0]?.id ?? null) : null);
  }
  const bindings = slots.flatMap(([slot, { connector }]) => {
    const id = connectionFor(slot, connector);
    return id === null ? [] : [[slot, id] as const];
  });
  const isComplete = manifest !== undefined && place !== undefined && bindings.length === slots.length;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isComplete) return;
        const why = reason.trim();
        props.onDeploy({
          params: { id: flow.id },
          body: {
            environment: place.name,
            version,
            bindings: Object.fromEntries(bindings),
            ...(why !== '' && { reason: why }),
          },
        });
      }}
    >
      {props.problem && (
        <Notice tone="failed" title={props.problem.message}>
          {props.problem.issues.map((issue) => (
            <div key={issue.path + issue.message}>{issue.message}</div>
          ))}
        </Notice>
      )}
      <div className={classes.pair}>
        <Select
          label="Environment"
          data={environments.map(({ name }) => name)}
          value={place?.name ?? null}
          onChange={setEnvironment}
          data-autofocus
        />
        <Select
          label="Version"
          data={Array.from({ length: latest }, (_, index) => ({
            value: String(latest - index),
            label: `v${latest - index}`,
          }))}
          value={String(version)}
          onChange={(value) => setVersion(Number(value))}
        />
      </div>
      {slots.length > 0 && (
        <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
          <legend style={{ fontWeight: 600, marginBottom: 6 }}>Connections in {place?.name}</legend>
          <div className={classes.slots}>
            {slots.map(([slot, { connector }]) => (
              <SlotChoice
                key={slot}
                slot={slot}
                connector={connector}
                environment={place?.name ?? ''}
                options={fitting(connector)}
                value={connectionFor(slot, connector)}
                onChange={(id) => setChosen({ ...chosen, [`${place?.name}/${slot}`]: id })}
              />
            ))}
          </div>
        </fieldset>
      )}
      {place && refused.length > 0 && (
        <div>
          <p className="voice-2">{place.name} would refuse this version for what it sends:</p>
          <RefusedIn places={[{ name: place.name, problems: refused }]} />
        </div>
      )}
      {place?.policy.after && (
        <p className="voice-2">
          {place.name} takes only what runs, or ran, in {place.policy.after}. Its connections are its own: nothing of{' '}
          {place.policy.after} comes along.
        </p>
      )}
      {place?.policy.approval && (
        <Textarea
          label="Reason"
          description="The approver reads it."
          value={reason}
          maxLength={500}
          autosize
          minRows={2}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <div className={classes.foot}>
        <span className={classes.note}>
          {place?.policy.approval
            ? `${place.name} asks for an approval of whatever is new.`
            : 'Takes effect at once, and is logged.'}
        </span>
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={props.busy} disabled={!isComplete}>
          {place ? `Deploy v${version} to ${place.name}` : 'Deploy'}
        </Button>
      </div>
    </form>
  );
}

function SlotChoice(props: {
  slot: string;
  connector: string;
  environment: string;
  options: readonly Connection[];
  value: string | null;
  onChange: (id: string) => void;
}) {
  const title = useEditor((state) => state.catalogue[props.connector]?.title ?? props.connector);
  return (
    <div className={classes.slot}>
      <span className={classes.slotName}>
        <ConnectorTile name={props.connector} size={20} />
        <code>{props.slot}</code>
      </span>
      {props.options.length === 0 ? (
        <p className={classes.missing}>
          No {title} connection in {props.environment}.{' '}
          <Link to="/connections" search={{ add: props.connector, environment: props.environment }}>
            Create one
          </Link>
        </p>
      ) : (
        <Select
          aria-label={`Connection for ${props.slot}`}
          placeholder="Choose a connection"
          data={props.options.map(({ id, name }) => ({ value: id, label: name }))}
          value={props.value}
          onChange={(id) => id !== null && props.onChange(id)}
        />
      )}
    </div>
  );
}
