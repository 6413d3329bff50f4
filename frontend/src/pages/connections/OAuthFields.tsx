import { Checkbox, PasswordInput, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core';
import type { ConnectorDescription, OAuthGrant } from '@sluice/shared/connector';
import { Code } from '../../ui/Code.js';
import type { AuthDraft } from './auth-draft.js';
import classes from './Connections.module.css';

const grantNames: Record<OAuthGrant, string> = {
  authorizationCode: 'A person authorizes it',
  clientCredentials: 'It acts for itself',
  serviceAccount: 'Service account',
};

/** Client, authorization server and scopes of an OAuth connection. Tokens never come near the browser. */
export function OAuthFields(props: {
  draft: AuthDraft;
  connector: ConnectorDescription;
  secretHelp: string;
  onChange: (draft: AuthDraft) => void;
}) {
  const { draft, connector, onChange } = props;
  const grants = connector.oauth?.grants ?? [];
  return (
    <>
      {grants.length > 1 && (
        <SegmentedControl
          aria-label="How it gets its token"
          data={grants.map((value) => ({ value, label: grantNames[value] }))}
          value={draft.grant}
          onChange={(value) => onChange({ ...draft, grant: grants.find((grant) => grant === value) ?? draft.grant })}
        />
      )}
      {draft.grant === 'authorizationCode' && (
        <p className={classes.note}>
          Register this redirect address with the client:{' '}
          <Code plain>{`${window.location.origin}/oauth/callback`}</Code>
        </p>
      )}
      <div className={classes.pair}>
        <TextInput
          label={draft.grant === 'serviceAccount' ? 'E-mail of the service account' : 'Client id'}
          autoComplete="off"
          value={draft.clientId}
          onChange={(event) => onChange({ ...draft, clientId: event.currentTarget.value })}
        />
        <PasswordInput
          label={draft.grant === 'serviceAccount' ? 'Private key' : 'Client secret'}
          description={props.secretHelp}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autoComplete="off"
          value={draft.clientSecret}
          onChange={(event) => onChange({ ...draft, clientSecret: event.currentTarget.value })}
        />
      </div>
      {draft.serverBy === 'vendor' ? (
        <VendorScopes draft={draft} connector={connector} onChange={onChange} />
      ) : (
        <>
          <ServerFields draft={draft} onChange={onChange} />
          <TagsInput
            label="Scopes"
            description="What may be granted, and no more: a token that can do more is refused."
            placeholder={draft.scopes.length === 0 ? 'orders.read' : ''}
            splitChars={[' ', ',']}
            acceptValueOnBlur
            value={draft.scopes}
            onChange={(scopes) => onChange({ ...draft, scopes })}
          />
        </>
      )}
    </>
  );
}

function VendorScopes(props: {
  draft: AuthDraft;
  connector: ConnectorDescription;
  onChange: (draft: AuthDraft) => void;
}) {
  const { draft, onChange } = props;
  return (
    <Checkbox.Group
      label="Scopes"
      description="What may be granted, and no more: a token that can do more is refused."
      value={draft.scopes}
      onChange={(scopes) => onChange({ ...draft, scopes })}
    >
      <div className={classes.scopes}>
        {Object.entries(props.connector.scopes).flatMap(([id, scope]) =>
          scope.vendor.map((vendor) => (
            <Checkbox
              key={`${id} ${vendor}`}
              value={vendor}
              label={scope.title}
              description={<Code plain>{vendor}</Code>}
            />
          )),
        )}
      </div>
    </Checkbox.Group>
  );
}

function ServerFields(props: { draft: AuthDraft; onChange: (draft: AuthDraft) => void }) {
  const { draft, onChange } = props;
  const field = (name: 'issuer' | 'authorization' | 'tokenEndpoint' | 'revocation', label: string, path: string) => (
    <TextInput
      label={label}
      placeholder={`https://login.example.com${path}`}
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <div className={classes.pair}>
        <Select
          label="Authorization server"
          allowDeselect={false}
          data={[
            { value: 'issuer', label: 'by its issuer' },
            { value: 'endpoints', label: 'by its endpoints' },
          ]}
          value={draft.serverBy}
          onChange={(value) => onChange({ ...draft, serverBy: value === 'endpoints' ? 'endpoints' : 'issuer' })}
        />
        <Select
          label="Client proves itself"
          allowDeselect={false}
          data={[
            { value: 'basic', label: 'in a header (basic)' },
            { value: 'post', label: 'in the body (post)' },
          ]}
          value={draft.clientAuth}
          onChange={(value) => onChange({ ...draft, clientAuth: value === 'post' ? 'post' : 'basic' })}
        />
      </div>
      {draft.serverBy === 'issuer' ? (
        field('issuer', 'Issuer', '')
      ) : (
        <>
          {field('tokenEndpoint', 'Token endpoint', '/oauth/token')}
          {draft.grant === 'authorizationCode' && field('authorization', 'Authorization endpoint', '/oauth/authorize')}
          {field('revocation', 'Revocation endpoint, if it has one', '/oauth/revoke')}
        </>
      )}
    </>
  );
}
