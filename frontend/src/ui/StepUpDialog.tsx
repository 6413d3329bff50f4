import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CodeInput } from './CodeInput.js';
import { Time } from './Time.js';
import classes from './StepUpDialog.module.css';

export interface StepUpDetails {
  title: string;
  /** What exactly happens, as sentences or a list. */
  body: React.ReactNode;
  /** The deed, for the button: "Sign and approve". */
  verb: string;
  /** What gets written to the log. */
  footnote?: string;
  danger?: boolean;
  /** Asks for a reason, kept in the log. */
  reasonLabel?: string | undefined;
}

/** Asks for the second factor before a deed; without boxes while an earlier one is still fresh. */
export function StepUpDialog(props: {
  details: StepUpDetails;
  freshUntil: string | null;
  busy: boolean;
  error?: string | undefined;
  onConfirm: (answer: { code: string | null; reason: string }) => void;
  onCancel: () => void;
}) {
  const [kind, setKind] = useState<'code' | 'recovery'>('code');
  const [code, setCode] = useState('');
  const [reason, setReason] = useState('');
  const needsCode = props.freshUntil === null;
  const { details } = props;
  const isIncomplete =
    (needsCode && code.trim().length < 6) || (details.reasonLabel !== undefined && reason.trim() === '');
  return (
    <Modal opened onClose={props.onCancel} title={details.title}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm({ code: needsCode ? code.trim() : null, reason: reason.trim() });
        }}
      >
        <div className={classes.body}>{details.body}</div>
        {details.reasonLabel && (
          <Textarea
            label={details.reasonLabel}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={500}
            data-autofocus
          />
        )}
        {needsCode && kind === 'code' && (
          <CodeInput
            label="Code from your authenticator"
            value={code}
            onChange={setCode}
            error={props.error}
            autoFocus={!details.reasonLabel}
          />
        )}
        {needsCode && kind === 'recovery' && (
          <TextInput
            label="Recovery code"
            autoComplete="off"
            value={code}
            error={props.error}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoFocus
          />
        )}
        {needsCode ? (
          <button
            type="button"
            className={classes.switch}
            onClick={() => {
              setKind(kind === 'code' ? 'recovery' : 'code');
              setCode('');
            }}
          >
            {kind === 'code' ? 'Use a recovery code' : 'Use the authenticator'}
          </button>
        ) : (
          <p className="voice-2">
            Your second factor is fresh until {props.freshUntil && <Time at={props.freshUntil} />}.
          </p>
        )}
        <div className={classes.foot}>
          <p className={classes.note}>{details.footnote ?? 'Logged before it takes effect.'}</p>
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={details.danger ? 'danger' : 'sluice'}
            disabled={isIncomplete}
            loading={props.busy}
          >
            {details.verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
