import { PasswordInput, Select, TextInput } from '@mantine/core';
import type { ConnectorDescription } from '@sluice/shared/connector';
import type { AuthDraft } from './auth-draft.js';
import { OAuthFields } from './OAuthFields.js';
import classes from './Connections.module.css';

/** The fields of one auth kind. Secrets are write-only: always empty, never filled in by the browser. */
export function AuthFields(props: {
  draft: AuthDraft;
  connector: ConnectorDescription;
  onChange: (draft: AuthDraft) => void;
  setOn?: string;
}) {
  const { draft, onChange } = props;
  const secretHelp = props.setOn
    ? `set ${props.setOn}, can't be read back`
    : "Sealed when you save, can't be read back";
  switch (draft.kind) {
    case 'none':
      return null;
    case 'bearer':
      return (
        <PasswordInput
          label="Token"
          description={secretHelp}
          autoComplete="off"
          value={draft.token}
          onChange={(event) => onChange({ ...draft, token: event.currentTarget.value })}
        />
      );
    case 'basic':
      return (
        <div className={classes.pair}>
          <TextInput
            label="User name"
            autoComplete="off"
            value={draft.username}
            onChange={(event) => onChange({ ...draft, username: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            description={secretHelp}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="new-password"
            value={draft.password}
            onChange={(event) => onChange({ ...draft, password: event.currentTarget.value })}
          />
        </div>
      );
    case 'apiKey':
      return (
        <>
          <div className={classes.pair}>
            <Select
              label="Sent in"
              data={[
                { value: 'header', label: 'a header' },
                { value: 'query', label: 'the query' },
              ]}
              value={draft.place}
              onChange={(place) => onChange({ ...draft, place: place === 'query' ? 'query' : 'header' })}
            />
            <TextInput
              label="Name"
              placeholder="X-Api-Key"
              value={draft.name}
              onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
            />
          </div>
          <PasswordInput
            label="Key"
            description={secretHelp}
            autoComplete="off"
            value={draft.value}
            onChange={(event) => onChange({ ...draft, value: event.currentTarget.value })}
          />
        </>
      );
    case 'oauth2':
      return <OAuthFields draft={draft} connector={props.connector} secretHelp={secretHelp} onChange={onChange} />;
  }
}
