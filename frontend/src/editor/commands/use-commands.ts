import { useEffect, useMemo, useRef } from 'react';
import { type Deed, useOfferDeeds } from '../../lib/deeds.js';
import { isTyping } from '../../lib/typing.js';
import { stepsOf } from '../canvas/canvas-ids.js';
import { outermost } from '../canvas/from-canvas.js';
import { keptInside } from '../canvas/frame.js';
import { gridSize, placesOf } from '../canvas/layout.js';
import { placeSteps } from '../canvas/place-steps.js';
import { type CommandContext, commands, keyOf } from './commands.js';
import { clipboardText, copySteps, pasteOperation, readClipboard } from './copy-steps.js';
import { levelToFill } from './level-to-fill.js';
import { nearestStep, type Way } from './nearest-step.js';

/** Keys that work even while typing into a field. */
const always = new Set(['mod+s', 'mod+Enter', 'F8']);
const arrows: Readonly<Record<string, Way>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The editor's keys and its clipboard, for as long as it is open. */
export function useCommands(context: CommandContext): void {
  const latest = useRef(context);
  latest.current = context;
  useOfferDeeds(useMemo(() => deedsOf(latest), []));
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || latest.current.isCovered) return;
      const key = keyOf(event);
      if (isTyping(event) && !always.has(key)) return;
      if (isInDialog() && event.key !== 'F8') return;
      if (onArrow(event, latest.current)) return;
      const command = commands.find(({ keys }) => keys.includes(key));
      if (!command || command.canRun?.(latest.current) === false) return;
      event.preventDefault();
      if (!(event.repeat && command.isOnce)) command.run(latest.current);
    }
    function onCopy(event: ClipboardEvent) {
      const { store } = latest.current;
      const copied = isForPage(event) ? copySteps(store.getState().document, store.getState().selection) : null;
      if (copied === null) return;
      event.clipboardData?.setData('text/plain', clipboardText(copied));
      event.preventDefault();
      if (event.type === 'cut') commands.find(({ id }) => id === 'delete')?.run(latest.current);
    }
    function onPaste(event: ClipboardEvent) {
      const { store } = latest.current;
      const isWanted = isForPage(event) && !latest.current.isCovered;
      const copied = isWanted ? readClipboard(event.clipboardData?.getData('text/plain') ?? '') : null;
      if (copied === null) return;
      event.preventDefault();
      const level = levelToFill(
        store.getState(),
        copied.steps.map(({ id }) => id),
      );
      const { operation, select } = pasteOperation(store.getState().document, copied, level);
      store.getState().actions.change(operation, { select });
    }
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, []);
}

/** The same list for whoever looks a command up by its name; the dialog it was chosen in closes first. */
function deedsOf(latest: { readonly current: CommandContext }): Deed[] {
  return commands.map(({ id, label, run, canRun }) => ({
    id,
    label,
    run: () =>
      setTimeout(() => {
        if (!latest.current.isCovered && canRun?.(latest.current) !== false) run(latest.current);
      }),
  }));
}

function isInDialog(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}

function isForPage(event: ClipboardEvent): boolean {
  const isSelecting = (document.getSelection()?.toString() ?? '') !== '';
  return (
    !(event.target instanceof HTMLInputElement) &&
    !(event.target instanceof HTMLTextAreaElement) &&
    !isSelecting &&
    !isInDialog()
  );
}

/** Arrows go to the nearest step, with Alt they move what is selected; Enter opens what has the focus, Escape lets go. */
function onArrow(event: KeyboardEvent, { store, view }: CommandContext): boolean {
  const { document: flow, selection, folded, actions } = store.getState();
  const focused =
    event.target instanceof Element ? event.target.closest('.react-flow__node')?.getAttribute('data-id') : null;
  const onPage =
    focused !== null ||
    event.target === document.body ||
    (event.target instanceof Element && event.target.closest('.react-flow') !== null);
  if (!onPage) return false;
  const isOnButton = event.target instanceof HTMLButtonElement;
  if (event.key === 'Enter' && focused && !isOnButton && keyOf(event) === 'Enter') {
    actions.select([focused]);
    event.preventDefault();
    return true;
  }
  if (event.key === 'Escape' && selection.length > 0) {
    actions.select([]);
    return true;
  }
  const way = arrows[event.key];
  const steps = stepsOf(flow, selection);
  const placed = placeSteps(flow, folded);
  const from = [...selection, ...steps].find((id) => placed.has(id)) ?? focused;
  if (way === undefined || !from || event.ctrlKey || event.metaKey) return false;
  event.preventDefault();
  if (event.altKey) {
    const places = placesOf(flow);
    const [dx, dy] = { up: [0, -gridSize], down: [0, gridSize], left: [-gridSize, 0], right: [gridSize, 0] }[way];
    const to = Object.fromEntries(
      (steps.length > 0 ? outermost(flow, steps) : [from]).map((id): [string, [number, number]] => {
        const [x, y] = places[id] ?? [0, 0];
        const level = placed.get(id)?.level ?? null;
        const at: [number, number] = [x + (dx ?? 0), y + (dy ?? 0)];
        return [id, level === null ? at : keptInside(at)];
      }),
    );
    actions.change({ kind: 'move-steps', to }, { merge: `arrows:${steps.join()}` });
    return true;
  }
  const corners = Object.fromEntries([...placed].map(([id, { corner }]) => [id, corner]));
  const next = nearestStep(corners, from, way);
  if (next !== null) {
    actions.select([next]);
    view?.show(next);
  }
  return true;
}
