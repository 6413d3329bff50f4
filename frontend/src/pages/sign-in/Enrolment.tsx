import { Button, Checkbox } from '@mantine/core';
import { authApi } from '@sluice/shared/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { CodeInput } from '../../ui/CodeInput.js';
import { CopyValue } from '../../ui/Code.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { RecoveryCodes } from './RecoveryCodes.js';
import { NumberedPart, SignInFrame } from './SignInFrame.js';
import classes from './Enrolment.module.css';

/** Adds the second factor: scan, type a code, keep the recovery codes. */
export function Enrolment(props: { email: string; onDone: () => Promise<void>; onStartOver: () => void }) {
  const key = useQuery({
    queryKey: ['enrolment'],
    queryFn: () => call(authApi.enrol),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const [code, setCode] = useState('');
  const [isKept, setKept] = useState(false);
  const confirm = useMutation({ mutationFn: () => call(authApi.totp, { body: { code } }), onError: () => setCode('') });
  const { mutate, isIdle, isError } = confirm;
  useEffect(() => {
    if (code.length === 6 && (isIdle || isError)) mutate();
  }, [code, isIdle, isError, mutate]);
  const codes = confirm.data?.recoveryCodes;

  return (
    <SignInFrame
      wide
      title="Add a second factor"
      lead="Everyone here signs in with two. You will also use it to approve, rotate and stop."
      steps={{ names: ['Password', 'Second factor', 'Done'], at: 1 }}
      note="This sign-in and this enrolment are written to the log. Lost everything? Ask an owner of the workspace."
      foot={
        <>
          <span className="voice-2">Signing in as {confirm.data?.email ?? props.email}</span>
          {!confirm.isSuccess && (
            <Button variant="default" onClick={props.onStartOver}>
              Start over
            </Button>
          )}
          <Button disabled={!confirm.isSuccess || !isKept} onClick={() => void props.onDone()}>
            Finish
          </Button>
        </>
      }
    >
      <div className={classes.columns}>
        <div>
          <NumberedPart number={1} title="Scan with your authenticator">
            {key.isPending && <LoadingRows what="your key" rows={4} />}
            {key.error && (
              <LoadFailed what="Your key" message={toProblem(key.error).message} onRetry={() => void key.refetch()} />
            )}
            {key.data && (
              <>
                <div className={classes.qr}>
                  <img
                    src={key.data.qr}
                    alt="QR code for your authenticator; the same key stands below as text"
                    width={172}
                    height={172}
                  />
                </div>
                <div>
                  <span className="label">No camera? Type this key</span>
                  <div className={classes.key}>
                    <code>{key.data.secret.match(/.{1,4}/g)?.join(' ')}</code>
                    <CopyValue value={key.data.secret} label="key" />
                  </div>
                </div>
              </>
            )}
          </NumberedPart>
          <NumberedPart number={2} title="Type the code it shows">
            <CodeInput
              label="Code from your authenticator"
              value={code}
              onChange={setCode}
              disabled={confirm.isSuccess || !key.data}
              error={confirm.error ? toProblem(confirm.error).message : undefined}
            />
          </NumberedPart>
        </div>
        <NumberedPart number={3} title="Keep these recovery codes">
          {codes ? (
            <>
              <p className="voice-2">Each works once. You see them only now.</p>
              <RecoveryCodes codes={codes} />
              <Checkbox
                label="I keep them somewhere other than this phone"
                checked={isKept}
                onChange={(event) => setKept(event.currentTarget.checked)}
              />
            </>
          ) : (
            <p className="voice-2">
              They appear here once the code is right. Each works once, for the day the phone is gone.
            </p>
          )}
        </NumberedPart>
      </div>
    </SignInFrame>
  );
}
