import { Button, FileInput, Modal, Textarea, TextInput } from '@mantine/core';
import { connectorsApi, type ImportReply } from '@sluice/shared/api';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from '../connections/Connections.module.css';
import { type Effects, ImportReview } from './ImportReview.js';

/** As the program takes it, with room for the rest of the request. */
const mostBytes = 7_500_000;

/** An API as a connector: its OpenAPI document is read and shown first, and nothing is stored before somebody looked. */
export function ImportDialog(props: { onClose: () => void; onImported: (id: string) => void }) {
  const [text, setText] = useState('');
  const [url, setUrl] = useState('');
  const [tooLarge, setTooLarge] = useState(false);
  const [id, setId] = useState('');
  const [effects, setEffects] = useState<Effects>({});
  const [seen, setSeen] = useState<ImportReply | null>(null);
  const look = useWrite(connectorsApi.import, { renews: [], onDone: setSeen });
  const store = useWrite(connectorsApi.import, {
    renews: [['connectors']],
    onDone: (reply) => props.onImported(reply.id),
  });
  const body = {
    ...(text.trim() === '' ? { url } : { openapi: text }),
    ...(id === '' ? {} : { id }),
    ...(Object.keys(effects).length === 0 ? {} : { effects }),
  };
  const problem = store.problem ?? look.problem;

  /** What was said of the actions of one document is not said of another's. */
  function read(next: string) {
    setText(next);
    setEffects({});
  }
  async function take(file: File | null) {
    setSeen(null);
    setTooLarge(file !== null && file.size > mostBytes);
    read(file === null || file.size > mostBytes ? '' : await file.text());
  }

  return (
    <Modal opened onClose={props.onClose} title="Import an API" size={760}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (seen === null) look.run({ input: { body: { ...body, dryRun: true } } });
          else store.run({ input: { body: { ...body, expect: seen.version } } });
        }}
      >
        {problem && <Notice tone="failed" title={problem.message} />}
        {tooLarge && <Notice tone="failed" title="The file has more than 7.5 MB: import a part of it." />}
        {seen === null ? (
          <>
            <FileInput
              label="OpenAPI document"
              description="3.0 or 3.1, JSON or YAML. It is read, and nothing of it is run."
              placeholder="Choose a file"
              accept=".json,.yaml,.yml,application/json"
              onChange={(file) => void take(file)}
            />
            <Textarea
              label="Or its text"
              autosize
              minRows={4}
              maxRows={12}
              value={text.length > 20_000 ? '' : text}
              placeholder={text.length > 20_000 ? 'The file is loaded.' : 'openapi: 3.1.0'}
              onChange={(event) => read(event.currentTarget.value)}
            />
            <TextInput
              label="Or its address"
              description="One that anybody may read: it is asked for without a secret."
              placeholder="https://example.com/openapi.yaml"
              disabled={text.trim() !== ''}
              value={url}
              onChange={(event) => {
                setUrl(event.currentTarget.value.trim());
                setEffects({});
              }}
            />
            <TextInput
              label="Id"
              description="Made from the title unless given; the id of an imported connector gives it a new version."
              placeholder="api-petstore"
              value={id}
              onChange={(event) => setId(event.currentTarget.value.trim())}
            />
          </>
        ) : (
          <ImportReview
            read={seen}
            effects={effects}
            onEffects={(next) => {
              setEffects(next);
              look.run({ input: { body: { ...body, effects: next, dryRun: true } } });
            }}
          />
        )}
        <div className={classes.foot}>
          <span className={classes.note}>
            {seen === null
              ? 'You see what was understood before anything is stored.'
              : 'Flows that run go on with the document they were published with.'}
          </span>
          <Button variant="default" onClick={seen === null ? props.onClose : () => setSeen(null)}>
            {seen === null ? 'Cancel' : 'Back'}
          </Button>
          <Button type="submit" loading={look.busy || store.busy} disabled={text.trim() === '' && url === ''}>
            {seen === null ? 'Read it' : seen.replaces === null ? 'Import' : 'Import as new version'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
