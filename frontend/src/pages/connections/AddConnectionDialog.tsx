import { Button, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { connectionsApi, type Environment } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { useState } from 'react';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { AuthFields } from './AuthFields.js';
import { type AuthDraft, authFromDraft, emptyAuth, isAuthComplete, isAuthKind } from './auth-draft.js';
import { ConfigFields } from './ConfigFields.js';
import { configFields, configFromFields } from './config-field.js';
import { authKindNames } from './connection-health.js';
import classes from './Connections.module.css';

/** A new connection: service and environment first, then how to sign in there. */
export function AddConnectionDialog(props: {
  connectors: readonly ConnectorDescription[];
  environments: readonly Environment[];
  connector: string | undefined;
  environment: string | undefined;
  onClose: () => void;
  onAdded: (id: string) => void;
}) {
  const connectable = props.connectors.filter((each) => each.actions.length > 0);
  const [connectorId, setConnectorId] = useState(props.connector ?? null);
  const connector = connectable.find(({ id }) => id === connectorId);
  const [chosen, setChosen] = useState(props.environment ?? null);
  const environment = chosen ?? props.environments[0]?.name ?? null;
  const [name, setName] = useState('');
  const kinds = (connector?.auth ?? []).filter(isAuthKind);
  const [draft, setDraft] = useState<AuthDraft | null>(null);
  const auth = draft ?? emptyAuth(kinds[0] ?? 'none', connector);
  const [values, setValues] = useState<Record<string, string | boolean>>({});
  const fields = connector ? configFields(connector.config, auth.kind) : [];
  const create = useWrite(connectionsApi.create, {
    renews: [['connections']],
    onDone: (connection) => props.onAdded(connection.id),
  });
  const missing = fields.some((field) => field.isRequired && (values[field.name] ?? field.initial) === '');
  const isComplete = connector && environment && name.trim() !== '' && isAuthComplete(auth) && !missing;

  return (
    <Modal opened onClose={props.onClose} title="Add connection" size={560}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!connector || !environment) return;
          create.run({
            input: {
              body: {
                connector: connector.id,
                environment,
                name,
                auth: authFromDraft(auth),
                config: configFromFields(fields, values),
              },
            },
          });
        }}
      >
        {create.problem && (
          <Notice tone="failed" title={create.problem.message}>
            {create.problem.issues.map((issue) => `${issue.path}: ${issue.message}`).join(' ')}
          </Notice>
        )}
        <div className={classes.pair}>
          <Select
            label="Connector"
            data-autofocus
            openOnFocus={false}
            placeholder="Choose a service"
            searchable
            data={connectable.map(({ id, title }) => ({ value: id, label: title }))}
            value={connectorId}
            onChange={(id) => {
              setConnectorId(id);
              setValues({});
              setDraft(null);
            }}
          />
          <Select
            label="Environment"
            data={props.environments.map(({ name: value }) => value)}
            value={environment}
            onChange={setChosen}
          />
        </div>
        <TextInput
          label="Name"
          placeholder="HubSpot EU main"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {connector && (
          <>
            {kinds.length > 1 && (
              <SegmentedControl
                aria-label="Sign in with"
                data={kinds.map((value) => ({ value, label: authKindNames[value] }))}
                value={auth.kind}
                onChange={(value) => isAuthKind(value) && setDraft(emptyAuth(value, connector))}
              />
            )}
            <AuthFields draft={auth} connector={connector} onChange={setDraft} />
            <ConfigFields
              fields={fields}
              values={values}
              issues={create.problem?.issues ?? []}
              onChange={(field, value) => setValues((before) => ({ ...before, [field]: value }))}
            />
          </>
        )}
        <div className={classes.foot}>
          <span className={classes.note}>
            {environment && (
              <>
                Good in <EnvironmentChip name={environment} small /> only.
              </>
            )}
          </span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={!isComplete}>
            {auth.kind === 'oauth2' && auth.grant === 'authorizationCode' ? 'Seal, then authorize' : 'Seal and save'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
