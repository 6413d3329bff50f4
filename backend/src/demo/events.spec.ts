import { describe, expect, it } from 'vitest';
import { type DemoEvent, happen } from './events.js';

function first(count: number): { events: DemoEvent[]; faults: string[] } {
  const faults: string[] = [];
  const events: DemoEvent[] = [];
  for (const event of happen(
    { failCrm: (fault) => faults.push(`crm ${fault}`), failMail: (fault) => faults.push(`mail ${fault}`) },
    's',
  )) {
    events.push(event);
    if (events.length === count) break;
  }
  return { events, faults };
}

describe('happen', () => {
  it('shows every flow, a forgery, a repeat and a failing service within eight events', () => {
    const { events, faults } = first(8);

    expect(new Set(events.map(({ flow }) => flow))).toEqual(new Set(['payment', 'lead', 'refund']));
    expect(events.filter(({ isForged }) => isForged)).toHaveLength(1);
    expect(events.length - new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(faults).toEqual(['crm unavailable']);
  });

  it('repeats nothing from one round to the next', () => {
    const { events } = first(110);

    const repeats = events.length - new Set(events.map(({ id }) => id)).size;
    expect(repeats).toBe(10);
  });
});
