import type { Catalogue, ConnectorDescription } from '@sluice/shared/connector';
import type { StepKind } from '@sluice/shared/flow';
import { kindTitles } from '../canvas/step-words.js';

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
      /** When it is tried again by its standard. */
      readonly pauses?: readonly number[];
    }
  | {
      readonly id: string;
      readonly title: string;
      readonly tile: string;
      readonly hint: string;
      readonly makes: 'compute';
      readonly connector: string;
      readonly computation: string;
    }
  | {
      readonly id: string;
      readonly title: string;
      readonly tile: string;
      readonly hint: string;
      readonly makes: PlainKind;
    };

/** Kinds that use no connector. */
export type PlainKind = Exclude<StepKind, 'trigger' | 'action' | 'compute'>;

/** A connector with its actions, or what it computes, folded to one row until opened. */
export interface Service {
  readonly id: string;
  readonly title: string;
  readonly actions: readonly PaletteEntry[];
}

export interface Palette {
  readonly starts: readonly PaletteEntry[];
  readonly services: readonly Service[];
  /** What is computed without a service. */
  readonly plumbing: readonly Service[];
  /** What uses no service, under the title of its group. */
  readonly plain: readonly { readonly title: string; readonly entries: readonly PaletteEntry[] }[];
}

const plainGroups: Palette['plain'] = [
  {
    title: 'Logic',
    entries: [
      plain('filter', 'Go on only if something holds'),
      plain('branch', 'Take one of several ways'),
      plain('forEach', 'Do some steps for each item of a list'),
      plain('repeat', 'Do some steps again until something holds'),
      plain('subflow', 'Begin another flow, and wait for its end or not'),
      plain('respond', 'Answer a waiting webhook caller'),
      plain('stop', 'End the run here'),
    ],
  },
  {
    title: 'People and time',
    entries: [
      plain('approval', 'Ask a person, and go on once they decided'),
      plain('wait', 'For a time, or until one'),
      plain('callback', 'Wait until somebody calls an address made for this run'),
    ],
  },
  {
    title: 'Data',
    entries: [
      plain('transform', 'Rename, compute and choose fields'),
      plain('state', 'Remember a value from run to run'),
    ],
  },
  { title: 'Code', entries: [plain('code', 'A few lines of JavaScript, without network or files')] },
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
    plumbing: connectors
      .filter(({ computations }) => computations.length > 0)
      .map((connector) => ({ id: connector.id, title: connector.title, actions: computationsOf(connector) })),
    plain: plainGroups,
  };
}

/** Many services tell of events: their starts are named after them. */
function startsOf(connector: ConnectorDescription): PaletteEntry[] {
  const isService = connector.actions.length > 0;
  return connector.triggers.map((trigger) => ({
    id: `${connector.id}!${trigger.id}`,
    title: isService ? `${connector.title}: ${trigger.title.toLowerCase()}` : trigger.title,
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
    ...(action.retrySchedule && { pauses: action.retrySchedule.pauses }),
  }));
}

function computationsOf(connector: ConnectorDescription): PaletteEntry[] {
  return connector.computations.map(({ id, title, description }) => ({
    id: `${connector.id}=${id}`,
    title,
    tile: connector.id,
    hint: description,
    makes: 'compute',
    connector: connector.id,
    computation: id,
  }));
}

export function everyEntry(palette: Palette): PaletteEntry[] {
  return [
    ...palette.starts,
    ...[...palette.services, ...palette.plumbing].flatMap(({ actions }) => actions),
    ...palette.plain.flatMap(({ entries }) => entries),
  ];
}

/** Entries that hold every word of what was typed, in title, service or hint; the very title first, then titles. */
export function searchPalette(palette: Palette, typed: string): PaletteEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const whole = words.join(' ');
  const services = new Map([...palette.services, ...palette.plumbing].map(({ id, title }) => [id, title]));
  const scored = everyEntry(palette).flatMap((entry) => {
    const title = entry.title.toLowerCase();
    const all = `${title} ${services.get(entry.tile) ?? entry.tile} ${entry.hint}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) return [];
    return [{ entry, score: title === whole ? Infinity : words.filter((word) => title.includes(word)).length }];
  });
  return scored.toSorted((one, other) => other.score - one.score).map(({ entry }) => entry);
}
