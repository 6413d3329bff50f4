import { Button, PasswordInput, TextInput } from '@mantine/core';
import { authApi } from '@sluice/shared/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { authStatusQuery, meQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { Enrolment } from './Enrolment.js';
import { SecondFactorForm } from './SecondFactorForm.js';
import { SignInFrame } from './SignInFrame.js';
import classes from './LoginPage.module.css';

const route = getRouteApi('/login');

/** Password, then code; a member without a second factor adds one on the way. */
export function LoginPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const [stage, setStage] = useState<'password' | 'totp' | 'enrol'>('password');
  const [email, setEmail] = useState('');

  async function enter() {
    client.removeQueries({ queryKey: meQuery().queryKey });
    // Only a path of our own: an address from outside must not choose where a session goes.
    const isOwnPath = next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\');
    router.history.push(isOwnPath && next ? next : '/flows');
  }

  if (stage === 'enrol') return <Enrolment email={email} onDone={enter} onStartOver={() => setStage('password')} />;
  if (stage === 'totp')
    return <SecondFactorForm email={email} onDone={enter} onStartOver={() => setStage('password')} />;
  return <PasswordForm email={email} onEmail={setEmail} onNext={setStage} />;
}

function PasswordForm(props: {
  email: string;
  onEmail: (email: string) => void;
  onNext: (stage: 'totp' | 'enrol') => void;
}) {
  const status = useQuery(authStatusQuery());
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => call(authApi.login, { body: { email: props.email, password } }),
    onSuccess: (reply) => props.onNext(reply.next),
  });
  return (
    <SignInFrame title="Sign in" note="Every sign-in, also one that fails, is written to the log.">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          login.mutate();
        }}
      >
        {status.data?.needsSetup && (
          <Notice tone="quiet" title="This installation has no owner yet">
            Open the set-up link that the server printed when it started.
          </Notice>
        )}
        {login.error && <Notice tone="failed" title={toProblem(login.error).message} />}
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={props.email}
          onChange={(event) => props.onEmail(event.currentTarget.value)}
          autoFocus
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="lg"
          fullWidth
          loading={login.isPending}
          disabled={props.email === '' || password === ''}
        >
          Continue
        </Button>
      </form>
    </SignInFrame>
  );
}
