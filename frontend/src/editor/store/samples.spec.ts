import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { samplesOf } from './samples.js';

const lines = [{ sku: 'lamp' }, { sku: 'cable' }];
const each = { id: 'each', kind: 'forEach', items: { $: 'trigger.body.lines' }, edges: [] };

function sampled(...steps: object[]) {
  const ids = steps.map((step) => ('id' in step ? String(step.id) : ''));
  const edges = ids.map((id, at) => `${at === 0 ? 'paid' : ids[at - 1]} -> ${id}`);
  return samplesOf(aFlow({ steps: [aTrigger, ...steps], edges }), aCatalogue, { body: { lines } });
}

describe('the sample that expressions see', () => {
  it('shows the steps of a loop its first item, and what follows what the loop gives of it', () => {
    const shape = { id: 'shape', kind: 'transform', input: { sku: { $: '$uppercase(item.sku)' }, at: { $: 'index' } } };
    const { inside, steps } = sampled({ ...each, steps: [shape] });
    expect(inside.get('each')).toMatchObject({ item: { sku: 'lamp' }, index: 0 });
    expect(steps['shape']).toEqual({ sku: 'LAMP', at: 0 });
    expect(steps['each']).toEqual({ count: 2, results: [{ sku: 'LAMP', at: 0 }], failed: [] });
  });

  it('gives a loop inside of a loop the item of both', () => {
    const repeat = {
      id: 'again',
      kind: 'repeat',
      until: { $: 'true' },
      steps: [],
      edges: [],
      collect: { $: 'item.sku' },
    };
    const { inside, steps } = sampled({ ...each, steps: [repeat] });
    expect(inside.get('again')).toMatchObject({ item: { sku: 'lamp' }, previous: null, index: 0 });
    expect(steps['again']).toEqual({ count: 1, last: 'lamp', results: ['lamp'] });
  });

  it('gives what a connector computed in the last trial, else its sample', () => {
    const read = { id: 'read', kind: 'compute', connector: 'csv', computation: 'parse', input: { text: 'x' } };
    const flow = aFlow({ steps: [aTrigger, read], edges: ['paid -> read'] });
    expect(samplesOf(flow, aCatalogue).steps['read']).toEqual({ rows: [['a']] });
    expect(samplesOf(flow, aCatalogue, { learned: { read: 1 } }).steps['read']).toBe(1);
  });

  it('names what the server would have to compute of the sample, and takes what it did', () => {
    const read = {
      id: 'read',
      kind: 'compute',
      connector: 'csv',
      computation: 'parse',
      input: { text: { $: 'trigger.body.text' } },
    };
    const count = { id: 'n', kind: 'transform', input: { n: { $: '$count(steps.read.rows)' } } };
    const flow = aFlow({ steps: [aTrigger, read, count], edges: ['paid -> read', 'read -> n'] });
    const known = { body: { text: 'a\nb' }, learned: { read: 1 } };
    const [wanted] = samplesOf(flow, aCatalogue, known).wanted;
    expect(wanted).toMatchObject({ connector: 'csv', computation: 'parse', input: { text: 'a\nb' } });
    const computed = new Map([[wanted?.key ?? '', { rows: [['a'], ['b']] }]]);
    const { steps, wanted: more } = samplesOf(flow, aCatalogue, { ...known, computed });
    expect([steps['n'], more]).toEqual([{ n: 2 }, []]);
    // Refused: what the last trial gave stands.
    const refused = samplesOf(flow, aCatalogue, { ...known, computed: new Map([[wanted?.key ?? '', undefined]]) });
    expect([refused.steps['read'], refused.wanted]).toEqual([1, []]);
    expect(samplesOf(flow, aCatalogue, { body: {} }).steps['read']).toEqual({ rows: [['a']] });
  });

  it('takes what a person set, null too, before what a trial gave and what is made up', () => {
    const shape = { id: 'shape', kind: 'transform', input: { sku: 'lamp' } };
    const flow = aFlow({ steps: [aTrigger, shape], edges: ['paid -> shape'] });
    const { steps, scope } = samplesOf(flow, aCatalogue, { body: null, pins: { shape: null }, learned: { shape: 1 } });
    expect(steps['shape']).toBeNull();
    expect(scope.trigger).toMatchObject({ body: null });
  });

  it('survives an expression that does not hold', () => {
    const { steps } = sampled({ ...each, items: { $: '$number("x")' }, collect: { $: '$number("x")' }, steps: [] });
    expect(steps['each']).toEqual({ count: 0, results: [null], failed: [] });
  });

  it('knows the address of each callback, and the form of what steps that ask give', () => {
    const { scope, steps } = sampled(
      { id: 'ask', kind: 'approval', question: 'Go on?' },
      { id: 'bank', kind: 'callback' },
      { id: 'seen', kind: 'state', operation: 'remember', key: 'x', value: 1 },
    );
    expect(scope.callbacks['bank']).toMatch(/^https:/);
    expect(Object.keys(steps).sort()).toEqual(['ask', 'bank', 'seen']);
    expect(steps['seen']).toEqual({ first: true, value: null });
  });
});
