import { Button, Modal } from '@mantine/core';
import { type Call, deadLettersApi } from '@sluice/shared/api';
import { useState } from 'react';
import { plural } from '../../lib/format-count.js';
import { now } from '../../lib/now.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { ReasonField } from './CloseDialog.js';
import classes from './DeadLetters.module.css';

type Filter = NonNullable<Call<typeof deadLettersApi.closeAll>['body']>['filter'];
type Changed = { changed: number; isMore: boolean };

const words = {
  close: {
    title: 'Close every dead letter that matches',
    says: 'are taken off the list. Nothing is tried again.',
    verb: 'Close them',
    done: 'closed so far',
  },
  reopen: {
    title: 'Open every closed one that matches again',
    says: 'wait for somebody once more.',
    verb: 'Open them again',
    done: 'opened so far',
  },
};

/** Closes, or opens again, all that the filters show: a thousand a request, until none is left. */
export function AllDialog(props: {
  deed: keyof typeof words;
  environment: string;
  filter: Filter;
  onClose: () => void;
}) {
  const { deed, environment } = props;
  const [reason, setReason] = useState('');
  const [done, setDone] = useState(0);
  // What fails from now on was not looked at.
  const [to] = useState(() => now().toISOString());
  const filter = { ...props.filter, to };
  const goOn = (send: () => void) => (reply: Changed) => {
    setDone((before) => before + reply.changed);
    if (reply.isMore) send();
    else props.onClose();
  };
  const close = useWrite(deadLettersApi.closeAll, { renews: [['runs']], onDone: goOn(() => start()) });
  const reopen = useWrite(deadLettersApi.reopenAll, { renews: [['runs']], onDone: goOn(() => start()) });
  function start() {
    if (deed === 'close') close.run({ input: { body: { environment, filter, reason } } });
    else reopen.run({ input: { body: { environment, filter } } });
  }
  const { busy, problem } = deed === 'close' ? close : reopen;
  const { title, says, verb, done: doneWords } = words[deed];
  return (
    <Modal opened onClose={props.onClose} title={title} size={520}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        {problem && <Notice tone="failed" title={problem.message} />}
        <p>
          Those in {environment} with the filters of this list {says}
        </p>
        {deed === 'close' && <ReasonField value={reason} onChange={setReason} />}
        <div className={classes.foot}>
          <span className={classes.note} role="status">
            {done > 0 ? `${plural(done, 'dead letter')} ${doneWords}` : 'Logged, each run for itself.'}
          </span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={deed === 'close' && reason.trim() === ''}>
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
