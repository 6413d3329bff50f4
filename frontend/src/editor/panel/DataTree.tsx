import { Menu, UnstyledButton } from '@mantine/core';
import { gravestFirst } from '@sluice/shared/connector';
import { everyLevel, everyStep, type Reason, type Scope, topologicalOrder } from '@sluice/shared/flow';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { tileOf, titleOf } from '../canvas/step-words.js';
import { useActions, useEditor } from '../store/editor-context.js';
import { ClassWhy } from './ClassWhy.js';
import { type DataRow, dataRows } from './data-rows.js';
import { dataSection, isInData, pathDragType, useFieldFocus } from './field-focus.js';
import { SampleDialog } from './SampleDialog.js';
import { type Place, useReasons } from './use-reasons.js';
import type { Readable } from './use-step-form.js';
import classes from './DataTree.module.css';

interface Source {
  id: string;
  title: string;
  tile: string;
  root: string[];
  value: unknown;
  /** The field of a step that a name of it is; null where nobody's data is in it. */
  placeOf: (names: readonly string[]) => Place | null;
}

/** What a step can read: the event and every earlier step with its sample, nearest last. */
export function DataTree({ steps: readable, scope, loop }: Readable) {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const samples = useEditor((state) => state.samples);
  const hasOwnSample = useEditor((state) => state.sampleBody !== undefined);
  const actions = useActions();
  const focus = useFieldFocus();
  const [isChoosing, setChoosing] = useState(false);
  const sources = useMemo(() => {
    const before = new Set(readable);
    const steps = new Map([...everyStep(document)].map((step) => [step.id, step]));
    const order = everyLevel(document).flatMap(topologicalOrder);
    const earlier = order.flatMap((id): Source[] => {
      const step = steps.get(id);
      if (!step || !before.has(id)) return [];
      const look = { id, title: titleOf(step, document, catalogue), tile: tileOf(step, document) };
      if (step.kind === 'trigger')
        return [{ ...look, root: ['trigger'], value: { body: bodyOf(samples.scope.trigger) }, placeOf: outputOf(id) }];
      const value = samples.steps[id];
      return value === undefined ? [] : [{ ...look, root: ['steps', id], value, placeOf: outputOf(id) }];
    });
    return [...earlier, ...besides(scope, loop)];
  }, [document, catalogue, samples, readable, scope, loop]);
  return (
    <section className={classes.data} aria-label="Data">
      <div
        {...dataSection}
        // Safari gives a clicked button no focus: the section takes it.
        tabIndex={-1}
        onBlur={(event) => {
          if (!isInData(event.relatedTarget)) focus.leave();
        }}
      >
        <div className={classes.head}>
          <h3 className={classes.heading}>Data</h3>
          <Menu position="bottom-end">
            <Menu.Target>
              <UnstyledButton className={classes.sample}>
                Sample: {hasOwnSample ? 'your own' : 'of the trigger'}
                <IconChevronDown size={14} stroke={2} aria-hidden />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => actions.setSample(undefined)}>Of the trigger</Menu.Item>
              <Menu.Item onClick={() => setChoosing(true)}>Your own…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
        {sources.length === 0 && (
          <p className={classes.none}>Nothing comes before this step. Connect it, and what it can read stands here.</p>
        )}
        {sources.map((source) => (
          <SourceTree key={source.id} source={source} />
        ))}
        {isChoosing && (
          <SampleDialog
            title="Draw with a sample of your own"
            label="Body of the event"
            value={bodyOf(samples.scope.trigger)}
            onUse={actions.setSample}
            onClose={() => setChoosing(false)}
          />
        )}
      </div>
    </section>
  );
}

/** What is no output of a step: the pass of the loop around it, and addresses of callbacks. */
function besides(scope: Scope, loop: string | null): Source[] {
  const { item, index, previous, callbacks } = scope;
  const pass = { ...('item' in scope && { item }), ...('previous' in scope && { previous }), index };
  const look = { title: 'This pass', tile: 'forEach', root: [], placeOf: passOf(loop) };
  const addresses = { title: 'Callback addresses', tile: 'callback', root: ['callbacks'], placeOf: () => null };
  return [
    ...(index === undefined ? [] : [{ id: 'pass', ...look, value: pass }]),
    ...(Object.keys(callbacks).length === 0 ? [] : [{ id: 'callbacks', ...addresses, value: callbacks }]),
  ];
}

function outputOf(step: string): Source['placeOf'] {
  return (path) => ({ step, side: 'output', path });
}

/** The item is one of those that the loop was given, and what the pass before gave is what the loop gives last. */
function passOf(loop: string | null): Source['placeOf'] {
  return ([name, ...path]) => {
    if (loop === null) return null;
    if (name === 'item') return { step: loop, side: 'input', path: ['items', ...path] };
    return name === 'previous' ? { step: loop, side: 'output', path: ['last', ...path] } : null;
  };
}

function bodyOf(trigger: unknown): unknown {
  return typeof trigger === 'object' && trigger !== null && 'body' in trigger ? trigger.body : undefined;
}

function SourceTree({ source }: { source: Source }) {
  const [isOpen, setOpen] = useState(true);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const reasonsOf = useReasons();
  // The event's body stands open, what is deeper opens on demand.
  const opensItself = (path: string) => path === 'trigger.body' || path.split('.').length <= source.root.length + 1;
  const rows = isOpen ? dataRows(source.value, source.root, (path) => opensItself(path) !== turned.has(path)) : [];
  function turn(path: string) {
    const next = new Set(turned);
    if (!next.delete(path)) next.add(path);
    setTurned(next);
  }
  function whyOf({ names }: DataRow): Reason[] {
    const place = source.placeOf(names);
    return place === null ? [] : reasonsOf(place);
  }
  return (
    <div>
      <button
        type="button"
        className={classes.source}
        aria-expanded={isOpen}
        onMouseDown={keepFocus}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? (
          <IconChevronDown size={14} stroke={2} aria-hidden />
        ) : (
          <IconChevronRight size={14} stroke={2} aria-hidden />
        )}
        <ConnectorTile name={source.tile} size={20} />
        <span>{source.title}</span>
      </button>
      {rows.map((row) => (
        <DataLine
          key={row.path}
          row={row}
          why={whyOf(row)}
          isOpen={opensItself(row.path) !== turned.has(row.path)}
          onTurn={() => turn(row.path)}
        />
      ))}
    </div>
  );
}

function DataLine(props: { row: DataRow; why: readonly Reason[]; isOpen: boolean; onTurn: () => void }) {
  const { row, why } = props;
  const [gravest] = gravestFirst(why.map((reason) => reason.class));
  const focus = useFieldFocus();
  return (
    <div className={classes.line} style={{ paddingInlineStart: 18 + row.level * 14 }}>
      {row.hasInside ? (
        <button
          type="button"
          className={classes.turn}
          aria-label={`${props.isOpen ? 'Fold' : 'Open'} ${row.name}`}
          aria-expanded={props.isOpen}
          onMouseDown={keepFocus}
          onClick={props.onTurn}
        >
          {props.isOpen ? (
            <IconChevronDown size={13} stroke={2} aria-hidden />
          ) : (
            <IconChevronRight size={13} stroke={2} aria-hidden />
          )}
        </button>
      ) : (
        <span className={classes.turn} />
      )}
      <button
        type="button"
        className={classes.path}
        draggable
        title={`Put ${row.path} into the field`}
        onClick={() => focus.insert(row.path)}
        onDragStart={(event) => {
          event.dataTransfer.setData(pathDragType, row.path);
          event.dataTransfer.setData('text/plain', row.path);
          event.dataTransfer.effectAllowed = 'copy';
          event.dataTransfer.setDragImage(dragChip(row), 12, 14);
          // Changing the page while a drag starts would end it in some browsers.
          requestAnimationFrame(() => focus.setDragged(row.path));
        }}
        onDragEnd={() => focus.setDragged(null)}
      >
        <code>{row.name}</code>
        <span className={classes.value}>{row.says}</span>
        <span className={classes.type}>{row.type}</span>
      </button>
      {gravest && <ClassWhy name={gravest} why={why} iconOnly />}
    </div>
  );
}

/** Folding leaves the caret in the field. Not for values: a press that is prevented starts no drag. */
function keepFocus(event: React.MouseEvent) {
  event.preventDefault();
}

/** What follows the pointer; the browser takes its picture before the next frame. */
function dragChip(row: DataRow): HTMLElement {
  const chip = document.createElement('div');
  chip.className = classes.chip ?? '';
  chip.textContent = `${row.path}  ${row.says}`.trimEnd();
  document.body.append(chip);
  requestAnimationFrame(() => chip.remove());
  return chip;
}
