import type { FlowReply } from '@sluice/shared/api';
import { findStep } from '@sluice/shared/flow';
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { LoadFailed } from '../ui/LoadFailed.js';
import { LoadingRows } from '../ui/Loading.js';
import { versionWord } from '../lib/version-word.js';
import { Announcer } from './announcer/Announcer.js';
import { Canvas, type PickerRequest } from './canvas/Canvas.js';
import { findGroup } from './canvas/canvas-ids.js';
import { useCanvasSlot } from './canvas/canvas-view.js';
import { ConnectStep } from './commands/ConnectStep.js';
import { FindStep } from './commands/FindStep.js';
import { KeysDialog } from './commands/KeysDialog.js';
import { useCommands } from './commands/use-commands.js';
import { DeployDialog } from './deploy/DeployDialog.js';
import { RunDialog } from './deploy/RunDialog.js';
import { RunGraphPane } from './RunGraphPane.js';
import { Palette } from './palette/Palette.js';
import type { PaletteEntry } from './palette/palette-entries.js';
import { placeBySelection, planAddition } from './palette/plan-addition.js';
import { FlowPanel } from './panel/FlowPanel.js';
import { GroupPanel } from './panel/GroupPanel.js';
import { ManifestStrip } from './panel/ManifestStrip.js';
import { StepPanel } from './panel/StepPanel.js';
import { useActions, useEditor, useEditorStore } from './store/editor-context.js';
import { useComputed } from './store/use-computed.js';
import type { Saving } from './store/use-draft-saver.js';
import { CollisionBar } from './together/CollisionBar.js';
import { SameStep } from './together/Others.js';
import { usePresence } from './together/use-presence.js';
import { TourCard } from './tour/TourCard.js';
import { useTour } from './tour/use-tour.js';
import { RunStrip, TrialStrip } from './trial/TrialStrip.js';
import { useTrial } from './trial/use-trial.js';
import { TopBar } from './topbar/TopBar.js';
import { usePublish } from './topbar/use-publish.js';
import { useWatchedRun } from './watch/use-watched-run.js';
import { WatchPanel } from './watch/WatchPanel.js';
import { PublishDialog } from './versions/PublishDialog.js';
import classes from './Editor.module.css';

type Dialog = 'publish' | 'deploy' | 'run' | 'find' | 'keys' | { connect: string } | null;

/** The parts of the editor around the drawing, and what opens over it. */
export function Desk(props: { flow: FlowReply; member: string; saving: Saving }) {
  const { flow, saving } = props;
  const store = useEditorStore();
  const actions = useActions();
  const canvas = useCanvasSlot();
  const trial = useTrial();
  const others = usePresence();
  useComputed();
  const selected = useEditor((state) =>
    state.selection.length === 1 ? findStep(state.document, state.selection[0] ?? '')?.id : undefined,
  );
  const group = useEditor((state) =>
    state.selection.length === 1 ? findGroup(state.document, state.selection[0] ?? '') : undefined,
  );
  const isTried = useEditor((state) => state.run !== null);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const tour = useTour({ member: props.member, isOffered: !isReadOnly });
  const { isWatching, watch, watched, problem } = useWatchedRun();
  const [dialog, setDialog] = useState<Dialog>(null);
  const [picker, setPicker] = useState<PickerRequest | null>(null);
  const [isPaletteFolded, foldPalette] = useState(false);
  const isNarrow = useMediaQuery('(max-width: 1180px)', false, { getInitialValueInEffect: false });
  const [isPanelFolded, foldPanel] = useState(isNarrow);
  const publish = usePublish({ flow, flush: saving.flush, onPublished: () => setDialog('deploy') });
  function askToPublish() {
    if (publish.reason !== null) return;
    if (publish.hasBefore) setDialog('publish');
    else publish.run();
  }
  const seen = selected ?? group?.id;
  const [shown, setShown] = useState(seen);
  if (shown !== seen) {
    setShown(seen);
    // What is selected wants to be seen.
    if (seen !== undefined) foldPanel(false);
  }

  function add(entry: PaletteEntry) {
    const { document, catalogue } = store.getState();
    const { operations, step } = planAddition(document, entry, {
      place: placeBySelection(store.getState()),
      catalogue,
    });
    if (actions.change(operations, { select: [step] }) === null) requestAnimationFrame(() => canvas.view()?.show(step));
  }
  function addAfter() {
    const box = document.querySelector('.react-flow__node.selected')?.getBoundingClientRect();
    const at = box ? { x: box.right + 8, y: box.top } : { x: globalThis.innerWidth / 2 - 140, y: 160 };
    setPicker({ at, place: placeBySelection(store.getState()) });
  }
  function show(stepId: string) {
    actions.reveal(stepId);
    actions.select([stepId]);
    requestAnimationFrame(() => canvas.view()?.show(stepId));
  }
  useCommands({
    store,
    get view() {
      return canvas.view();
    },
    isCovered: isWatching,
    save: () => void saving.flush(),
    publish: askToPublish,
    find: () => setDialog('find'),
    addAfter,
    connect: (from) => setDialog({ connect: from }),
    tryStep: (step) => {
      if (trial.reason === null) trial.start({ upTo: step, calls: 'last' });
    },
    foldPalette: () => foldPalette((before) => !before),
    foldPanel: () => foldPanel((before) => !before),
    showKeys: () => setDialog('keys'),
    showTour: tour.begin,
  });
  return (
    <div
      className={classes.desk}
      data-palette={isPaletteFolded || isWatching ? 'folded' : undefined}
      data-panel={isPanelFolded ? 'folded' : undefined}
      data-stop={tour.stop?.part}
    >
      <TopBar
        flow={flow}
        others={others}
        publish={publish}
        onPublish={askToPublish}
        onDeploy={() => setDialog('deploy')}
        onRun={() => setDialog('run')}
        onShow={show}
      />
      <CollisionBar saving={saving} />
      {!isPaletteFolded && !isWatching && (
        <div className={classes.palette}>
          <Palette onAdd={add} />
        </div>
      )}
      <div className={classes.canvas}>
        {isWatching ? (
          watched ? (
            <RunGraphPane
              flowId={flow.id}
              version={watched.run.version}
              steps={watched.steps}
              selected={watched.selected?.id}
              isLarge
              onSelect={watched.select}
            />
          ) : problem === null ? (
            <LoadingRows what="the run" />
          ) : (
            <LoadFailed
              what="The run"
              message={problem}
              back={
                <Button size="sm" variant="default" onClick={() => watch(null)}>
                  Back to drawing
                </Button>
              }
            />
          )
        ) : (
          <Canvas others={others} onFind={() => setDialog('find')} picker={picker} onPicker={setPicker} />
        )}
      </div>
      <div className={classes.strip}>
        {watched ? (
          <RunStrip
            title={`Run of ${versionWord(watched.run.version)}`}
            run={watched.run}
            onShow={watched.select}
            onLeave={() => watch(null)}
          />
        ) : isTried ? (
          <TrialStrip onShow={show} />
        ) : (
          <ManifestStrip />
        )}
      </div>
      {!isPanelFolded && (
        <aside className={classes.panel} aria-label="Details">
          {watched ? (
            <WatchPanel watched={watched} />
          ) : group !== undefined ? (
            <GroupPanel key={group.id} group={group} onShow={show} onClose={() => actions.select([])} />
          ) : selected === undefined ? (
            <FlowPanel flow={flow} onShow={show} onWatch={watch} onClose={() => foldPanel(true)} />
          ) : (
            <>
              <SameStep others={others} step={selected} />
              <StepPanel key={selected} stepId={selected} onClose={() => actions.select([])} />
            </>
          )}
        </aside>
      )}
      {dialog === 'deploy' && <DeployDialog flow={flow} onClose={() => setDialog(null)} />}
      {(dialog === 'publish' || publish.problem !== null) && (
        <PublishDialog
          publish={publish}
          onClose={() => {
            publish.forget();
            setDialog(null);
          }}
        />
      )}
      {dialog === 'run' && <RunDialog flow={flow} onClose={() => setDialog(null)} />}
      {dialog === 'find' && <FindStep onShow={show} onClose={() => setDialog(null)} />}
      {dialog !== null && typeof dialog === 'object' && (
        <ConnectStep from={dialog.connect} onClose={() => setDialog(null)} />
      )}
      {tour.stop && <TourCard tour={tour} stop={tour.stop} />}
      <Announcer />
      {dialog === 'keys' && <KeysDialog onClose={() => setDialog(null)} />}
    </div>
  );
}
