import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import { type FlowReply, flowsApi } from '@sluice/shared/api';
import { IconActivity, IconDots, IconDownload, IconPencil, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { saveText } from '../../lib/save-text.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Dialog.module.css';

const flowLists = [['flows']];

/** What can be done with one flow besides opening it. */
export function FlowMenu(props: { flow: FlowReply; mayEdit: boolean }) {
  const { flow } = props;
  const navigate = useNavigate();
  const [isRenaming, setRenaming] = useState(false);
  const [exportProblem, setExportProblem] = useState<string | null>(null);
  const remove = useWrite(flowsApi.remove, { renews: flowLists });
  const failed = remove.problem?.message ?? exportProblem;

  async function exportDraft() {
    try {
      const { document } = await call(flowsApi.draft, { params: { id: flow.id } });
      saveText({
        name: `${flow.name}.sluice.json`,
        text: `${JSON.stringify(document, null, 2)}\n`,
        type: 'application/json',
      });
    } catch (thrown) {
      setExportProblem(toProblem(thrown).message);
    }
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More for ${flow.name}`}>
            <IconDots size={16} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconActivity size={15} />}
            onClick={() => void navigate({ to: '/runs', search: { flow: flow.id } })}
          >
            Its runs
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => void exportDraft()}>
            Export the draft
          </Menu.Item>
          {props.mayEdit && (
            <>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setRenaming(true)}>
                Rename
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={15} />}
                color="danger"
                onClick={() =>
                  remove.run({
                    input: { params: { id: flow.id } },
                    confirm: {
                      title: `Take ${flow.name} out of service`,
                      body: 'Its deployments end and its webhook addresses answer 404. Versions, runs and the log stay.',
                      verb: 'Take out of service',
                      danger: true,
                      always: true,
                    },
                  })
                }
              >
                Take out of service
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {isRenaming && <RenameDialog flow={flow} onClose={() => setRenaming(false)} />}
      {failed && (
        <Modal
          opened
          title={`${flow.name} was not changed`}
          onClose={() => {
            remove.reset();
            setExportProblem(null);
          }}
        >
          <Notice tone="failed" title={failed} />
        </Modal>
      )}
    </>
  );
}

function RenameDialog(props: { flow: FlowReply; onClose: () => void }) {
  const [name, setName] = useState(props.flow.name);
  const rename = useWrite(flowsApi.rename, { renews: flowLists, onDone: props.onClose });
  return (
    <Modal opened onClose={props.onClose} title="Rename the flow">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          rename.run({ input: { params: { id: props.flow.id }, body: { name } } });
        }}
      >
        <TextInput
          label="Name"
          value={name}
          maxLength={120}
          error={rename.problem?.message}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.busy} disabled={name.trim() === ''}>
            Rename
          </Button>
        </div>
      </form>
    </Modal>
  );
}
