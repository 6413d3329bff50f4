import { Button, TextInput } from '@mantine/core';
import { authApi } from '@sluice/shared/api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { CodeInput } from '../../ui/CodeInput.js';
import { SignInFrame } from './SignInFrame.js';
import classes from './LoginPage.module.css';

/** The second step: the authenticator's code, or a recovery code. */
export function SecondFactorForm(props: { email: string; onDone: () => Promise<void>; onStartOver: () => void }) {
  const [kind, setKind] = useState<'code' | 'recovery'>('code');
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: (given: string) => call(authApi.totp, { body: { code: given } }),
    onSuccess: () => props.onDone(),
    onError: () => setCode(''),
  });
  const error = confirm.error ? toProblem(confirm.error).message : undefined;
  return (
    <SignInFrame
      title="Second factor"
      lead={
        kind === 'code'
          ? 'Type the code that your authenticator shows now.'
          : 'Type one of the recovery codes you kept. Each works once.'
      }
      note="Lost everything? Ask an owner of the workspace."
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate(code);
        }}
      >
        {kind === 'code' ? (
          <CodeInput
            label="Code from your authenticator"
            value={code}
            onChange={(next) => {
              setCode(next);
              if (next.length === 6 && next !== code && !confirm.isPending) confirm.mutate(next);
            }}
            error={error}
            autoFocus
          />
        ) : (
          <TextInput
            label="Recovery code"
            autoComplete="off"
            value={code}
            error={error}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoFocus
          />
        )}
        <Button type="submit" size="lg" fullWidth loading={confirm.isPending} disabled={code.trim().length < 6}>
          Sign in
        </Button>
        <button
          type="button"
          className={classes.switch}
          onClick={() => {
            setKind(kind === 'code' ? 'recovery' : 'code');
            setCode('');
            confirm.reset();
          }}
        >
          {kind === 'code' ? 'Use a recovery code' : 'Use the authenticator'}
        </button>
        <p className="voice-3">
          Signing in as {props.email}.{' '}
          <button type="button" className={classes.switch} onClick={props.onStartOver}>
            Start over
          </button>
        </p>
      </form>
    </SignInFrame>
  );
}
