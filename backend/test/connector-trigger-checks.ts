import { hash } from 'node:crypto';
import { type AnyTrigger, type Connector, type Poll, type PollLook, webhookSchemes } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ContractCheck } from './connector-checks.js';
import { leavesOf } from './leaves.js';

/** What a trigger owes: a signed scheme, a sample of its own, and calm in the face of any body. */
export function triggerChecks(id: string, trigger: AnyTrigger, connector: Connector): readonly ContractCheck[] {
  return [
    {
      point: 'events',
      name: `${id}: its sample fits its schema and is its business`,
      async run() {
        trigger.event.parse(trigger.sample);
        trigger.params.parse(trigger.poll?.sample.params ?? {});
        if (trigger.accepts !== undefined) expect(trigger.accepts(trigger.sample)).toBe(true);
      },
    },
    {
      point: 'events',
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
      point: 'events',
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
      point: 'events',
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
      point: 'events',
      name: `${id}: lets its flow say who may send, how much and how often`,
      async run() {
        if (trigger.scheme === 'manual' || trigger.scheme === 'schedule' || trigger.scheme === 'poll') return;
        const limits = { addresses: ['203.0.113.0/24', '2001:db8::1'], mostBytes: 2000, perMinute: 60 };
        expect(trigger.params.parse(limits)).toMatchObject(limits);
        for (const wrong of [{ addresses: ['here'] }, { addresses: [] }, { mostBytes: 0 }, { perMinute: 0.5 }])
          expect(trigger.params.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
      },
    },
    {
      point: 'events',
      name: `${id}: lets its flow choose among its events, with samples that are its business`,
      async run() {
        const { events } = trigger;
        if (events === undefined) return;
        expect(Object.keys(events.samples)).not.toEqual([]);
        expect(trigger.params.parse({ events: Object.keys(events.samples) })).toMatchObject({});
        for (const wrong of [[], ['no.such_event'], 'all'])
          expect(trigger.params.safeParse({ events: wrong }).success, JSON.stringify(wrong)).toBe(false);
        for (const [kind, sample] of Object.entries(events.samples)) {
          trigger.event.parse(sample);
          expect(trigger.accepts?.(sample) ?? true, kind).toBe(true);
          // Whichever header names it, or its body.
          expect(events.kindOf({ body: sample, header: () => kind })).toBe(kind);
          for (const { path, value } of leavesOf(sample))
            if (String(value).includes('@'))
              expect(trigger.classes?.[path] ?? 'personal', path).not.toMatch(/public|internal/);
        }
        fc.assert(fc.property(fc.jsonValue(), (body) => void events.kindOf({ body, header: () => null })));
      },
    },
    {
      point: 'events',
      name: `${id}: is signed, or asks for itself`,
      async run() {
        expect([...webhookSchemes, 'from-config', 'manual', 'schedule', 'poll']).toContain(trigger.scheme);
        expect(trigger.scheme).not.toBe('none');
        expect(trigger.poll !== undefined).toBe(trigger.scheme === 'poll');
      },
    },
    ...(trigger.poll === undefined ? [] : pollChecks(id, { ...trigger, poll: trigger.poll }, connector)),
  ];
}

function pollChecks(
  id: string,
  trigger: AnyTrigger & { poll: Poll },
  { actions }: Connector,
): readonly ContractCheck[] {
  const { poll, params: paramsSchema, event, scopes } = trigger;
  const action = actions[poll.action];
  const look = (cursor: Json | null, begin: 'now' | 'all'): PollLook => ({
    params: paramsSchema.parse({ ...poll.sample.params, begin }),
    cursor,
    at: Date.parse('2026-06-01T00:00:00.000Z'),
    mark: (text) => hash('sha256', text),
  });
  return [
    {
      point: 'events',
      name: `${id}: repeats an action that only reads, with its scopes and an input that it takes`,
      async run() {
        expect(action?.effect).toEqual({ class: 'natural' });
        expect(scopes).toEqual(action?.scopes);
        for (const begin of ['now', 'all'] as const) action?.input.parse(poll.input(look(null, begin)));
      },
    },
    {
      point: 'events',
      name: `${id}: gives each item once, whoever stops it half way, and no content in what it remembers`,
      async run() {
        const known = new Set<string>();
        let cursor: Json | null = null;
        for (let looks = 0; looks < 6; looks += 1) {
          const before: Json | null = cursor === null ? null : JSON.parse(JSON.stringify(cursor));
          const { items, next } = poll.read(look(before, 'all'), poll.sample.output);
          const fresh = items.filter((item) => !known.has(item.id));
          expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
          for (const { body } of fresh) event.parse(body);
          // Every other look nothing of it becomes an event.
          const left = looks % 2 === 1 ? fresh.map((item) => item.id) : [];
          for (const item of fresh) if (!left.includes(item.id)) known.add(item.id);
          cursor = next(new Set(left));
          for (const { value } of leavesOf(event.parse(fresh[0]?.body ?? trigger.sample)))
            if (typeof value === 'string' && value.includes('/')) expect(JSON.stringify(cursor)).not.toContain(value);
        }
        expect(known.size).toBeGreaterThan(0);
        const { items } = poll.read(look(cursor, 'all'), poll.sample.output);
        expect(items.filter((item) => !known.has(item.id))).toEqual([]);
      },
    },
  ];
}
