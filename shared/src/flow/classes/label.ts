import type { FieldClass } from '../../connector/field-class.js';

/** Where a value came along: a field of a step, and what that was made from. */
export interface Trail {
  readonly step: string;
  /** `body.customer.email`; empty for all that a step gives. */
  readonly field: string;
  readonly from: Trail | null;
}

/** The classes that a value holds, each with one way by which it came. Holding none, it is public. */
export type Label = ReadonlyMap<FieldClass, Trail>;

export const publicLabel: Label = new Map();

/** One class that comes from this place; public is to hold nothing. */
export function labelOf(fieldClass: FieldClass, step: string, field: string): Label {
  return fieldClass === 'public' ? publicLabel : new Map([[fieldClass, { step, field, from: null }]]);
}

/** All the classes of several values. */
export function unionOf(labels: readonly Label[]): Label {
  const telling = labels.filter(({ size }) => size > 0);
  if (telling.length < 2) return telling[0] ?? publicLabel;
  const all = new Map<FieldClass, Trail>();
  for (const label of telling) for (const [name, trail] of label) if (!all.has(name)) all.set(name, trail);
  return all;
}

/** The same classes, seen a few names deeper in the same value. */
export function deeper(label: Label, names: readonly string[]): Label {
  if (label.size === 0 || names.length === 0) return label;
  return mapTrails(label, ({ step, field, from }) => ({ step, field: joined(field, names), from }));
}

/** The same classes, once the value was put into a field of a step. */
export function moved(label: Label, step: string, field: string): Label {
  return mapTrails(label, (from) => ({ step, field, from }));
}

/** `paid.body.email -> clean.email -> receipt.to`; the middle of a long one is left out. */
export function writeTrail(trail: Trail): string {
  const places = placesOf(trail).map(({ step, field }) => (field === '' ? step : `${step}.${field}`));
  const shown = places.length > 12 ? [...places.slice(0, 6), '…', ...places.slice(-5)] : places;
  return shown.join(' -> ');
}

/** The places of a trail, the source first. */
export function placesOf(trail: Trail): { step: string; field: string }[] {
  const places: { step: string; field: string }[] = [];
  for (let at: Trail | null = trail; at !== null; at = at.from) places.unshift({ step: at.step, field: at.field });
  return places;
}

function mapTrails(label: Label, change: (trail: Trail) => Trail): Label {
  if (label.size === 0) return label;
  return new Map([...label].map(([name, trail]) => [name, change(trail)]));
}

export function joined(field: string, names: readonly string[]): string {
  return [...(field === '' ? [] : [field]), ...names].join('.');
}
