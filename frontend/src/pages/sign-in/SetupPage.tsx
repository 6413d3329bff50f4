import { Button, PasswordInput, TextInput } from '@mantine/core';
import { authApi } from '@sluice/shared/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { authStatusQuery, meQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { Enrolment } from './Enrolment.js';
import { SignInFrame } from './SignInFrame.js';
import { LinkButton } from '../shell/LinkButton.js';
import classes from './LoginPage.module.css';

const route = getRouteApi('/setup');

/** A one-time link: the first owner, or somebody invited. Password, then the second factor. */
export function SetupPage() {
  const search = route.useSearch();
  // A link carries its token behind the #, which no server or proxy sees; behind a ? it is taken as well.
  const hash = useRouterState({ select: (state) => state.location.hash });
  const token = new URLSearchParams(hash).get('token') ?? search.token;
  const navigate = useNavigate();
  const client = useQueryClient();
  const [stage, setStage] = useState<'password' | 'enrol'>('password');
  const [email, setEmail] = useState('');
  if (!token) {
    return (
      <SignInFrame
        title="This link is not complete"
        foot={
          <>
            <span />
            <LinkButton to="/login">Sign in</LinkButton>
          </>
        }
      >
        <p className={classes.form}>Open the whole address that the server printed, or that the invitation gave you.</p>
      </SignInFrame>
    );
  }
  if (stage === 'enrol') {
    return (
      <Enrolment
        email={email}
        onStartOver={() => void navigate({ to: '/login' })}
        onDone={async () => {
          client.removeQueries({ queryKey: meQuery().queryKey });
          await navigate({ to: '/flows' });
        }}
      />
    );
  }
  return <PasswordForm token={token} email={email} onEmail={setEmail} onNext={() => setStage('enrol')} />;
}

function PasswordForm(props: { token: string; email: string; onEmail: (email: string) => void; onNext: () => void }) {
  const isFirst = useQuery(authStatusQuery()).data?.needsSetup ?? false;
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const setup = useMutation({
    mutationFn: () =>
      call(authApi.setup, { body: { token: props.token, password, ...(isFirst && { email: props.email, name }) } }),
    onSuccess: props.onNext,
  });
  const problem = setup.error ? toProblem(setup.error) : null;
  const issueOf = (field: string) => problem?.issues.find((issue) => issue.path.split('.').at(-1) === field)?.message;
  const isComplete = password !== '' && (!isFirst || (props.email !== '' && name.trim() !== ''));
  return (
    <SignInFrame
      title={isFirst ? 'Set up Sluice' : 'Choose your password'}
      lead={isFirst ? 'You become the first owner. This link works once.' : 'You were invited. This link works once.'}
      steps={{ names: ['Password', 'Second factor', 'Done'], at: 0 }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          setup.mutate();
        }}
      >
        {problem && !issueOf('password') && <Notice tone="failed" title={problem.message} />}
        {isFirst && (
          <>
            <TextInput
              label="Your name"
              autoComplete="name"
              value={name}
              error={issueOf('name')}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              value={props.email}
              error={issueOf('email')}
              onChange={(event) => props.onEmail(event.currentTarget.value)}
            />
          </>
        )}
        <PasswordInput
          label="Password"
          description="Long beats complicated: four unusual words are fine."
          autoComplete="new-password"
          value={password}
          error={issueOf('password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="lg" fullWidth loading={setup.isPending} disabled={!isComplete}>
          Continue
        </Button>
      </form>
    </SignInFrame>
  );
}
