import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { samplesOf } from '../store/samples.js';
import { standInsFor } from './stand-ins.js';
import { pollAfter } from './use-trial.js';

const document = aFlow({
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    aTrigger,
    { id: 'clean', kind: 'transform', input: { a: 1 } },
    { id: 'contact', kind: 'action', slot: 'crm', action: 'contacts.upsert', input: {} },
    { id: 'asked', kind: 'approval', question: 'Go on?' },
    {
      id: 'lines',
      kind: 'forEach',
      items: { $: 'trigger.body.lines' },
      steps: [{ id: 'inner', kind: 'action', slot: 'crm', action: 'contacts.upsert', input: {} }],
      edges: [],
    },
    { id: 'after', kind: 'stop' },
  ],
  edges: ['paid -> clean', 'clean -> contact', 'contact -> asked', 'asked:approved -> lines', 'lines -> after'],
});
const around = { document, samples: samplesOf(document, aCatalogue) };
const namesOf = (of: Parameters<typeof standInsFor>[1]) => Object.keys(standInsFor(around, of));

describe('what stands in for the steps of a trial', () => {
  it('is nothing where every step runs', () => {
    expect(namesOf({ calls: 'all' })).toEqual([]);
  });

  it('is whatever reaches out where nothing shall leave: actions, questions, loops that call', () => {
    expect(namesOf({ calls: 'none' })).toEqual(['contact', 'asked', 'lines']);
  });

  it('leaves out what comes after, and the step itself where only that one runs', () => {
    expect(namesOf({ upTo: 'asked', calls: 'none' })).toEqual(['contact', 'asked']);
    expect(namesOf({ upTo: 'asked', calls: 'last' })).toEqual(['contact']);
    expect(namesOf({ upTo: 'inner', calls: 'last' })).toEqual(['contact', 'asked']);
  });

  it.each([{ id: 'mine' }, null])('gives what the person has pinned: %j', (output) => {
    const pinned = samplesOf(document, aCatalogue, { pins: { contact: output } });
    expect(standInsFor({ document, samples: pinned }, { calls: 'none' })['contact']).toEqual(output);
  });
});

describe('how often the run of a trial is read', () => {
  it('is never by itself once it waits or is over, or the drawing is another', () => {
    expect(pollAfter(undefined, true)).toBeTypeOf('number');
    expect(pollAfter({ status: 'running' }, true)).toBeTypeOf('number');
    expect(pollAfter({ status: 'running' }, false)).toBe(false);
    for (const status of ['waiting', 'in_doubt', 'succeeded', 'failed'])
      expect(pollAfter({ status }, true)).toBe(false);
  });
});
