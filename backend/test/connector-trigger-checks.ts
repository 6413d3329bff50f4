import { type AnyTrigger, webhookSchemes } from '@sluice/shared/connector';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ContractCheck } from './connector-checks.js';
import { leavesOf } from './leaves.js';

/** What a trigger owes: a signed scheme, a sample of its own, and calm in the face of any body. */
export function triggerChecks(id: string, trigger: AnyTrigger): readonly ContractCheck[] {
  return [
    {
      name: `${id}: its sample fits its schema and is its business`,
      async run() {
        trigger.event.parse(trigger.sample);
        trigger.params.parse({});
        if (trigger.accepts !== undefined) expect(trigger.accepts(trigger.sample)).toBe(true);
      },
    },
    {
      name: `${id}: classifies no address in its sample as less than personal`,
      async run() {
        for (const { path, value } of leavesOf(trigger.sample)) {
          if (!String(value).includes('@')) continue;
          const said = trigger.classes?.[path] ?? 'personal';
          expect(said, path).not.toMatch(/public|internal/);
        }
      },
    },
    {
      name: `${id}: the same event delivered twice gives one value, another event another`,
      async run() {
        const { dedupeBy, sample } = trigger;
        if (dedupeBy === undefined) return;
        const value = dedupeBy(sample);
        expect(value).toEqual(expect.any(String));
        expect(dedupeBy(structuredClone(sample))).toBe(value);
        expect(dedupeBy(JSON.parse(JSON.stringify(sample).replaceAll(String(value), `${value}2`)))).toBe(`${value}2`);
      },
    },
    {
      name: `${id}: never throws at a body, and takes none that its schema refuses`,
      async run() {
        fc.assert(
          fc.property(fc.jsonValue(), (body) => {
            trigger.dedupeBy?.(body);
            if (trigger.accepts?.(body) === true) trigger.event.parse(body);
          }),
        );
      },
    },
    {
      name: `${id}: is signed`,
      async run() {
        expect([...webhookSchemes, 'from-config', 'manual', 'schedule']).toContain(trigger.scheme);
        expect(trigger.scheme).not.toBe('none');
      },
    },
  ];
}
