import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { versionQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { LoadingRows } from '../../ui/Loading.js';
import { useEditor } from '../store/editor-context.js';
import { RefusedIn } from '../panel/RefusedIn.js';
import { useFlowId } from '../store/flow-id.js';
import type { Publish } from '../topbar/use-publish.js';
import { Difference } from './Difference.js';
import classes from './Difference.module.css';

/** What is different by meaning from the version before, before it becomes one that never changes. */
export function PublishDialog(props: { publish: Publish; onClose: () => void }) {
  const { publish } = props;
  const flowId = useFlowId();
  const latest = publish.next - 1;
  const version = useQuery({ ...versionQuery(flowId, latest), enabled: latest > 0 });
  const document = useEditor((state) => state.document);
  const manifest = useEditor((state) => state.manifest);
  const places = useEditor((state) => state.refusing);
  const [note, setNote] = useState('');
  const before = useMemo(
    () => version.data && { title: `v${latest}`, document: version.data.document, manifest: version.data.manifest },
    [version.data, latest],
  );
  const after = useMemo(() => ({ title: 'This draft', document, manifest }), [document, manifest]);
  return (
    <Modal opened onClose={props.onClose} title={`Publish v${publish.next}`} size={960}>
      {version.error && <Notice tone="failed" title={toProblem(version.error).message} />}
      {version.isLoading && <LoadingRows what="the version before" />}
      {before && <Difference before={before} after={after} />}
      {places.length > 0 && (
        <div className={classes.refused}>
          <p>It can be published. Who deploys it there is refused:</p>
          <RefusedIn places={places} />
        </div>
      )}
      {publish.problem && <Notice tone="failed" title={publish.problem.message} />}
      <form
        className={classes.foot}
        onSubmit={(event) => {
          event.preventDefault();
          publish.run(note.trim());
        }}
      >
        <TextInput
          aria-label="Note"
          placeholder="What is new, for whoever reads the versions"
          value={note}
          maxLength={500}
          data-autofocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={publish.busy} disabled={publish.reason !== null}>
          Publish this version
        </Button>
      </form>
    </Modal>
  );
}
