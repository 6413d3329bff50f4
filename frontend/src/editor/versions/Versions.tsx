import { Button, Modal } from '@mantine/core';
import type { VersionReply } from '@sluice/shared/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { versionQuery, versionsQuery } from '../../api/queries.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { useActions, useEditor } from '../store/editor-context.js';
import { useFlowId } from '../store/flow-id.js';
import { Difference } from './Difference.js';
import classes from './Difference.module.css';

/** The versions of the flow, newest first; each opens beside the draft and can be brought back. */
export function Versions() {
  const flowId = useFlowId();
  const versions = useInfiniteQuery(versionsQuery(flowId));
  const [opened, setOpened] = useState<VersionReply | null>(null);
  const items = versions.data?.pages.flatMap((page) => page.items) ?? [];
  if (versions.error) return <Notice tone="failed" title={toProblem(versions.error).message} />;
  if (versions.data && items.length === 0) return <p className="voice-3">None is published yet.</p>;
  return (
    <div className={classes.versions}>
      {items.map((version) => (
        <button
          key={version.version}
          type="button"
          className={classes.version}
          title="Compare with the draft"
          onClick={() => setOpened(version)}
        >
          <strong>v{version.version}</strong>
          <span>{version.note ?? `by ${version.createdBy.name}`}</span>
          <span>
            <Time at={version.createdAt} />
          </span>
        </button>
      ))}
      {versions.hasNextPage && (
        <Button
          size="sm"
          variant="subtle"
          loading={versions.isFetchingNextPage}
          onClick={() => void versions.fetchNextPage()}
        >
          Older versions
        </Button>
      )}
      {opened && <VersionDialog version={opened.version} onClose={() => setOpened(null)} />}
    </div>
  );
}

function VersionDialog(props: { version: number; onClose: () => void }) {
  const { version } = props;
  const found = useQuery(versionQuery(useFlowId(), version));
  const actions = useActions();
  const document = useEditor((state) => state.document);
  const manifest = useEditor((state) => state.manifest);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const before = useMemo(
    () => found.data && { title: `v${version}`, document: found.data.document, manifest: found.data.manifest },
    [found.data, version],
  );
  const after = useMemo(() => ({ title: 'This draft', document, manifest }), [document, manifest]);
  return (
    <Modal opened onClose={props.onClose} title={`v${version} and the draft`} size={960}>
      {found.error && <Notice tone="failed" title={toProblem(found.error).message} />}
      {found.isPending && <LoadingRows what="the version" />}
      {before && <Difference before={before} after={after} />}
      <div className={classes.foot}>
        <span className="voice-3">Brought back, it becomes the draft; undo takes that back.</span>
        <Button variant="default" onClick={props.onClose}>
          Close
        </Button>
        <Button
          disabled={before === undefined || isReadOnly}
          onClick={() => {
            if (before) actions.change({ kind: 'replace-document', document: before.document }, { select: [] });
            props.onClose();
          }}
        >
          Bring back v{version}
        </Button>
      </div>
    </Modal>
  );
}
