import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import type { FlowReply, PresenceReply } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconArrowBackUp, IconArrowForwardUp, IconChevronRight, IconPlayerPlay, IconRocket } from '@tabler/icons-react';
import { Fragment } from 'react';
import { environmentsQuery, meQuery } from '../../api/queries.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Keys } from '../../ui/Keys.js';
import { useActions, useEditor } from '../store/editor-context.js';
import { Others } from '../together/Others.js';
import { TryMenu } from '../trial/TryMenu.js';
import { FlowName } from './FlowName.js';
import { ProblemsMenu } from './ProblemsMenu.js';
import { SaveWord } from './SaveWord.js';
import type { Publish } from './use-publish.js';
import classes from './TopBar.module.css';

/** Which flow, how far it is kept, what runs where, and the deeds. */
export function TopBar(props: {
  flow: FlowReply;
  others: readonly PresenceReply[];
  publish: Publish;
  onPublish: () => void;
  onDeploy: () => void;
  onRun: () => void;
  onShow: (stepId: string) => void;
}) {
  const { flow, publish } = props;
  const permissions = useQuery(meQuery()).data?.permissions ?? [];
  const isDeployed = flow.deployments.some(({ status }) => status === 'active');
  const nothingNew = publish.reason !== null && !flow.hasChanges && flow.latestVersion !== null;
  return (
    <header className={classes.bar}>
      <nav aria-label="Breadcrumb" className={classes.crumbs}>
        <Link to="/flows">Flows</Link>
        <IconChevronRight size={14} stroke={2} aria-hidden />
      </nav>
      <FlowName flow={flow} />
      <SaveWord />
      <VersionChips flow={flow} />
      <Others others={props.others} />
      <div className={classes.actions}>
        <History />
        <ProblemsMenu onShow={props.onShow} />
        <TryMenu />
        <Reason label={runReason(permissions.includes('flows.run'), isDeployed)}>
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={15} stroke={1.75} />}
            disabled={!isDeployed || !permissions.includes('flows.run')}
            onClick={props.onRun}
            aria-label="Run by hand"
          >
            Run
          </Button>
        </Reason>
        <Reason label={deployReason(permissions.includes('flows.deploy'), flow.latestVersion)}>
          <Button
            variant={nothingNew ? 'filled' : 'default'}
            leftSection={<IconRocket size={15} stroke={1.75} />}
            disabled={flow.latestVersion === null || !permissions.includes('flows.deploy')}
            onClick={props.onDeploy}
          >
            Deploy
          </Button>
        </Reason>
        <Reason label={publish.reason}>
          <Button
            onClick={props.onPublish}
            loading={publish.busy}
            disabled={publish.reason !== null}
            rightSection={publish.reason === null ? <Keys onAccent>⌘↵</Keys> : undefined}
          >
            Publish v{publish.next}
          </Button>
        </Reason>
      </div>
    </header>
  );
}

function runReason(mayRun: boolean, isDeployed: boolean): string | null {
  if (!mayRun) return 'Your roles do not allow starting runs';
  return isDeployed ? null : 'Deploy it to an environment first';
}

function deployReason(mayDeploy: boolean, latest: number | null): string | null {
  if (!mayDeploy) return 'Your roles do not allow deploying';
  return latest === null ? 'Publish a version first' : null;
}

/** Says why a button is off; on hover and for readers. */
function Reason(props: { label: string | null; children: React.ReactElement }) {
  return (
    <Tooltip label={props.label} disabled={props.label === null}>
      <span>
        {props.children}
        {props.label !== null && <span className="for-readers">{props.label}</span>}
      </span>
    </Tooltip>
  );
}

function History() {
  const actions = useActions();
  const canUndo = useEditor((state) => state.history.past.length > 0 && !state.isReadOnly);
  const canRedo = useEditor((state) => state.history.future.length > 0 && !state.isReadOnly);
  return (
    <span className={classes.history}>
      <ActionIcon aria-label="Undo" title="Undo (⌘Z)" disabled={!canUndo} onClick={actions.undo}>
        <IconArrowBackUp size={17} stroke={1.75} />
      </ActionIcon>
      <ActionIcon aria-label="Redo" title="Redo (⇧⌘Z)" disabled={!canRedo} onClick={actions.redo}>
        <IconArrowForwardUp size={17} stroke={1.75} />
      </ActionIcon>
    </span>
  );
}

/** How far each version has come: the environments in their order, with what runs there. */
function VersionChips({ flow }: { flow: FlowReply }) {
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const ordered = environments.toSorted((one, other) => one.position - other.position);
  const chips = ordered.map(({ name }) => {
    const here = flow.deployments.filter((deployment) => deployment.environment === name);
    const running = here.find(({ status }) => status === 'active');
    const waiting = here.find(({ status }) => status === 'waiting');
    const says = [running && `v${running.version}`, waiting && `v${waiting.version} waits`].filter(Boolean).join(', ');
    return { name, says: says === '' ? 'none' : says };
  });
  return (
    <>
      <span className={classes.versions} aria-label="What runs where" role="group">
        {chips.map(({ name, says }, index) => (
          <Fragment key={name}>
            {index > 0 && <IconChevronRight size={13} stroke={2} aria-hidden />}
            <EnvironmentChip name={name} text={`${name} ${says}`} />
          </Fragment>
        ))}
      </span>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button className={classes.versionsShort} variant="default" size="sm">
            {chips.filter(({ says }) => says !== 'none').length} of {chips.length} environments
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {chips.map(({ name, says }) => (
            <Menu.Item key={name} rightSection={says}>
              <EnvironmentChip name={name} small />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
