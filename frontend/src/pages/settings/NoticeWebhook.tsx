import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { type NoticeKind, noticeKinds, noticesApi, type NoticeWebhook as Webhook } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { noticeWebhookQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { kindWords } from '../notices/notice-kinds.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Settings.module.css';

const renews = [['notices']];

/** Where another program hears what members are told. */
export function NoticeWebhook() {
  const webhook = useQuery(noticeWebhookQuery()).data?.webhook ?? null;
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const remove = useWrite(noticesApi.removeWebhook, { renews });
  return (
    <Card
      title="Webhook for notices"
      aside={
        <Button size="sm" variant="default" onClick={() => setOpen(true)}>
          {webhook === null ? 'Set' : 'Change'}
        </Button>
      }
    >
      <div className={classes.stack}>
        {secret !== null && (
          <Notice tone="waiting" title="You see this signing secret only now">
            <div className={classes.link}>
              <code>{secret}</code>
            </div>
          </Notice>
        )}
        {remove.problem && <Notice tone="failed" title={remove.problem.message} />}
        {webhook === null && (
          <p className="voice-2">
            None. With one, what members are told also goes to a program of yours, signed by Standard Webhooks.
          </p>
        )}
        {webhook !== null && (
          <div className={classes.row}>
            <div className={classes.grow}>
              <code>{webhook.url}</code>
              <p className="label">
                {webhook.kinds.map((kind) => kindWords[kind].name).join(', ')}. Set by {webhook.setBy.name},{' '}
                <Time at={webhook.setAt} />
              </p>
            </div>
            <Button
              size="sm"
              variant="default"
              loading={remove.busy}
              onClick={() =>
                remove.run({
                  confirm: {
                    title: 'Remove the webhook',
                    body: 'It is called no more, and its secret is destroyed.',
                    verb: 'Remove',
                    danger: true,
                  },
                })
              }
            >
              Remove
            </Button>
          </div>
        )}
      </div>
      {isOpen && (
        <WebhookDialog
          webhook={webhook}
          onClose={() => setOpen(false)}
          onSet={(made) => {
            setSecret(made);
            setOpen(false);
          }}
        />
      )}
    </Card>
  );
}

function WebhookDialog(props: { webhook: Webhook | null; onClose: () => void; onSet: (secret: string) => void }) {
  const [url, setUrl] = useState(props.webhook?.url ?? '');
  const [kinds, setKinds] = useState<NoticeKind[]>(props.webhook?.kinds ?? ['run.failed', 'step.in_doubt']);
  const set = useWrite(noticesApi.setWebhook, { renews, onDone: ({ secret }) => props.onSet(secret) });
  return (
    <Modal opened={!set.asking} onClose={props.onClose} title="Webhook for notices">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          set.run({
            input: { body: { url: url.trim(), kinds } },
            confirm: {
              title: 'Set the webhook',
              body: 'A new signing secret is made; the one before stops working at once.',
              verb: 'Set it',
            },
          });
        }}
      >
        {set.problem && (
          <Notice tone="failed" title={set.problem.message}>
            {set.problem.issues.map(({ message }) => message).join(' ')}
          </Notice>
        )}
        <TextInput
          label="Address"
          description="https, and a public host unless it is listed in SLUICE_ALLOW_PRIVATE_HOSTS"
          value={url}
          maxLength={2000}
          onChange={(event) => setUrl(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group label="What it is told" value={kinds} onChange={(values) => setKinds(values.filter(isKind))}>
          <div className={classes.roles}>
            {noticeKinds.map((kind) => (
              <Checkbox key={kind} value={kind} label={kindWords[kind].name} />
            ))}
          </div>
        </Checkbox.Group>
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={set.busy} disabled={url.trim() === '' || kinds.length === 0}>
            Set it
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function isKind(value: string): value is NoticeKind {
  return noticeKinds.some((kind) => kind === value);
}
