import type { Manifest } from '@sluice/shared/flow';
import { type FieldClass, isFieldClass } from '../../ui/ClassTag.js';

const order: readonly FieldClass[] = ['secret', 'health', 'payment', 'personal', 'internal', 'public'];

/** Fields by class, the most delicate first; the same field of several steps once. */
export function sendsByClass(manifest: Manifest): { name: FieldClass; fields: string[] }[] {
  const fields = manifest.sends.flatMap((send) => send.fields);
  const byClass = Map.groupBy(fields, (field) => field.class);
  return order.flatMap((name) => {
    const names = [...new Set(byClass.get(name)?.map(({ field }) => field) ?? [])];
    return isFieldClass(name) && names.length > 0 ? [{ name, fields: names }] : [];
  });
}

/** Hosts that are fixed, and those that the bound connection will name, by slot. */
export function hostsOf(manifest: Manifest): { host: string; isNamedLater: boolean }[] {
  const later = Object.entries(manifest.slots).filter(([, slot]) => slot.hosts === 'connection');
  return [
    ...manifest.hosts.map((host) => ({ host, isNamedLater: false })),
    ...later.map(([slot]) => ({ host: `as ${slot} is bound`, isNamedLater: true })),
  ];
}
