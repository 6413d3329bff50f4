import type { Catalogue, ConnectorDescription } from '@sluice/shared/connector';
import { kindTitles } from '../canvas/step-view.js';

/** One thing that can be put on the canvas. */
export type PaletteEntry =
  | {
      readonly id: string;
      readonly title: string;
      readonly tile: string;
      readonly hint: string;
      readonly makes: 'trigger';
      readonly connector: string;
      readonly trigger: string;
    }
  | {
      readonly id: string;
      readonly title: string;
      readonly tile: string;
      readonly hint: string;
      readonly makes: 'action';
      readonly connector: string;
      readonly action: string;
    }
  | {
      readonly id: string;
      readonly title: string;
      readonly tile: string;
      readonly hint: string;
      readonly makes: PlainKind;
    };

export type PlainKind = 'transform' | 'filter' | 'branch' | 'wait' | 'respond' | 'stop';

/** A connector with its actions, folded to one row until opened. */
export interface Service {
  readonly id: string;
  readonly title: string;
  readonly actions: readonly PaletteEntry[];
}

export interface Palette {
  readonly starts: readonly PaletteEntry[];
  readonly services: readonly Service[];
  readonly shape: readonly PaletteEntry[];
  readonly direct: readonly PaletteEntry[];
}

const shape: readonly PaletteEntry[] = [
  plain('transform', 'Rename, compute and choose fields'),
  plain('filter', 'Go on only if something holds'),
];
const direct: readonly PaletteEntry[] = [
  plain('branch', 'Take one of several ways'),
  plain('wait', 'For a time, or until one'),
  plain('respond', 'Answer a waiting webhook caller'),
  plain('stop', 'End the run here'),
];

function plain(makes: PlainKind, hint: string): PaletteEntry {
  return { id: makes, title: kindTitles[makes], tile: makes, hint, makes };
}

export function paletteOf(catalogue: Catalogue): Palette {
  const connectors = Object.values(catalogue);
  return {
    starts: connectors.flatMap(startsOf),
    services: connectors
      .filter(({ actions }) => actions.length > 0)
      .map((connector) => ({ id: connector.id, title: connector.title, actions: actionsOf(connector) })),
    shape,
    direct,
  };
}

function startsOf(connector: ConnectorDescription): PaletteEntry[] {
  return connector.triggers.map((trigger) => ({
    id: `${connector.id}!${trigger.id}`,
    title: trigger.title,
    tile: connector.id,
    hint: trigger.description,
    makes: 'trigger',
    connector: connector.id,
    trigger: trigger.id,
  }));
}

function actionsOf(connector: ConnectorDescription): PaletteEntry[] {
  return connector.actions.map((action) => ({
    id: `${connector.id}.${action.id}`,
    title: action.title,
    tile: connector.id,
    hint: action.description,
    makes: 'action',
    connector: connector.id,
    action: action.id,
  }));
}

export function everyEntry(palette: Palette): PaletteEntry[] {
  return [
    ...palette.starts,
    ...palette.services.flatMap(({ actions }) => actions),
    ...palette.shape,
    ...palette.direct,
  ];
}

/** Entries that hold every word of what was typed, in title, service or hint; titles first. */
export function searchPalette(palette: Palette, typed: string): PaletteEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const services = new Map(palette.services.map(({ id, title }) => [id, title]));
  const scored = everyEntry(palette).flatMap((entry) => {
    const title = entry.title.toLowerCase();
    const all = `${title} ${services.get(entry.tile) ?? entry.tile} ${entry.hint}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) return [];
    return [{ entry, score: words.filter((word) => title.includes(word)).length }];
  });
  return scored.toSorted((one, other) => other.score - one.score).map(({ entry }) => entry);
}
