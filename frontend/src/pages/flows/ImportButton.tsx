import { Button, FileButton, Modal } from '@mantine/core';
import { flowsApi } from '@sluice/shared/api';
import { IconDownload } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { readFlowFile } from './read-flow-file.js';

/** A flow from an exported file. The server checks it; what it refuses is listed by path. */
export function ImportButton() {
  const navigate = useNavigate();
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const create = useWrite(flowsApi.create, {
    renews: [['flows']],
    onDone: (flow) => void navigate({ to: '/flows/$flowId', params: { flowId: flow.id } }),
  });
  async function take(file: File | null) {
    if (!file) return;
    const read = readFlowFile({ name: file.name, text: await file.text() });
    if ('problem' in read) setUnreadable(read.problem);
    else create.run({ input: { body: read } });
  }
  const problem = unreadable ?? create.problem?.message;
  return (
    <>
      <FileButton accept="application/json,.json" onChange={(file) => void take(file)}>
        {(button) => (
          <Button
            {...button}
            variant="default"
            leftSection={<IconDownload size={16} stroke={1.75} />}
            loading={create.busy}
          >
            Import
          </Button>
        )}
      </FileButton>
      {problem && (
        <Modal
          opened
          title="The file was not imported"
          onClose={() => {
            setUnreadable(null);
            create.reset();
          }}
        >
          <Notice tone="failed" title={problem}>
            <ul>
              {create.problem?.issues.slice(0, 12).map((issue) => (
                <li key={`${issue.path} ${issue.message}`}>
                  <code>{issue.path}</code>: {issue.message}
                </li>
              ))}
            </ul>
          </Notice>
        </Modal>
      )}
    </>
  );
}
