import { PasswordInput, Select, TextInput } from '@mantine/core';
import { type ConnectorDescription, keyPlaces } from '@sluice/shared/connector';
import { type AuthDraft, fixedUsername } from './auth-draft.js';
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
  const { bearer, basic, apiKey, signing, secretUrl, hmacKey } = props.connector.credentials;
  const named = { signing, secretUrl, hmacKey };
  const words = Object.entries(named).find(([kind]) => kind === draft.kind)?.[1] ?? bearer;
  const username = basic && !('fixed' in basic.username) ? basic.username : undefined;
  const helped = (one?: { help?: string | undefined }) => (one?.help ? `${one.help} ${secretHelp}.` : secretHelp);
  switch (draft.kind) {
    case 'none':
      return null;
    case 'bearer':
    case 'signing':
    case 'secretUrl':
    case 'hmacKey':
      return (
        <PasswordInput
          label={words?.title ?? 'Token'}
          description={helped(words)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autoComplete="off"
          value={draft.token}
          onChange={(event) => onChange({ ...draft, token: event.currentTarget.value })}
        />
      );
    case 'basic':
      return (
        <div className={classes.pair}>
          {fixedUsername(props.connector.credentials) === undefined && (
            <TextInput
              label={username?.title ?? 'User name'}
              description={username?.help}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              autoComplete="off"
              value={draft.username}
              onChange={(event) => onChange({ ...draft, username: event.currentTarget.value })}
            />
          )}
          <PasswordInput
            label={basic?.password.title ?? 'Password'}
            description={helped(basic?.password)}
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
          {apiKey === undefined && (
            <div className={classes.pair}>
              <Select
                label="Sent in"
                data={[
                  { value: 'header', label: 'a header' },
                  { value: 'query', label: 'the query' },
                  { value: 'username', label: 'the user name (basic)' },
                ]}
                value={draft.place}
                onChange={(chosen) =>
                  onChange({ ...draft, place: keyPlaces.find((place) => place === chosen) ?? 'header' })
                }
              />
              {draft.place !== 'username' && (
                <TextInput
                  label="Name"
                  placeholder="X-Api-Key"
                  value={draft.name}
                  onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
                />
              )}
            </div>
          )}
          <PasswordInput
            label={apiKey?.title ?? 'Key'}
            description={helped(apiKey)}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="off"
            value={draft.value}
            onChange={(event) => onChange({ ...draft, value: event.currentTarget.value })}
          />
        </>
      );
    case 'sigV4':
      return (
        <>
          <div className={classes.pair}>
            <TextInput
              label="Access key ID"
              autoComplete="off"
              value={draft.username}
              onChange={(event) => onChange({ ...draft, username: event.currentTarget.value })}
            />
            <TextInput
              label="Region"
              placeholder="eu-central-1"
              value={draft.name}
              onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
            />
          </div>
          <PasswordInput
            label="Secret access key"
            description={secretHelp}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="off"
            value={draft.password}
            onChange={(event) => onChange({ ...draft, password: event.currentTarget.value })}
          />
        </>
      );
    case 'sshKey':
      return (
        <TextInput
          label="User name"
          description="A new Ed25519 key pair is made when you save. You then put its public half onto the server."
          autoComplete="off"
          value={draft.username}
          onChange={(event) => onChange({ ...draft, username: event.currentTarget.value })}
        />
      );
    case 'oauth2':
      return <OAuthFields draft={draft} connector={props.connector} secretHelp={secretHelp} onChange={onChange} />;
  }
}
