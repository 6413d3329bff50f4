import type { Catalogue } from '@sluice/shared/connector';
import { everyEntry, type PaletteEntry, paletteOf } from '../palette/palette-entries.js';

export const stepDragType = 'application/x-sluice-step';

/** What of the palette was dropped, or null for anything else. */
export function droppedEntry(transfer: Pick<DataTransfer, 'getData'>, catalogue: Catalogue): PaletteEntry | null {
  const id = transfer.getData(stepDragType);
  return everyEntry(paletteOf(catalogue)).find((entry) => entry.id === id) ?? null;
}

/** The id of the wire at a place of the screen, also below a step that is being put down. */
export function wireUnder(x: number, y: number): string | null {
  const wires = document
    .elementsFromPoint(x, y)
    .flatMap((element) => element.closest<HTMLElement>('.react-flow__edge') ?? []);
  return wires[0]?.getAttribute('data-id') ?? null;
}
