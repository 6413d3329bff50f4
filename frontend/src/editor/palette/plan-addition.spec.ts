import { apply, checkFlow, emptyDocument, type FlowDocument, flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { edgeId } from '../canvas/canvas-ids.js';
import { everyEntry, paletteOf, searchPalette } from './palette-entries.js';
import { placeBySelection, type Place, planAddition } from './plan-addition.js';

const palette = paletteOf(aCatalogue);

function add(document: FlowDocument, id: string, place?: Place): FlowDocument {
  const entry = everyEntry(palette).find((each) => each.id === id);
  if (!entry) throw new Error(`The palette has no ${id}`);
  return planAddition(document, entry, {
    catalogue: aCatalogue,
    ...(place && { place }),
  }).operations.reduce<FlowDocument>(apply, document);
}

describe('adding a step', () => {
  it('draws a flow click by click, each after the one before, with slots of its own', () => {
    const flow = ['webhook!received', 'transform', 'hubspot.contacts.upsert', 'hubspot.contacts.upsert'].reduce(
      (document, id) => add(document, id),
      emptyDocument(),
    );
    expect(flow.edges.map(edgeId)).toEqual(['start:next->map', 'map:next->upsert', 'upsert:next->upsert_2']);
    expect(flow.slots).toEqual({ crm: { connector: 'hubspot' } });
    expect(flow.layout).toMatchObject({ start: [0, 0], map: [0, 80], upsert: [0, 160], upsert_2: [0, 240] });
    expect(checkFlow(flow, aCatalogue).map(({ code }) => code)).toEqual(['step.input_missing', 'step.input_missing']);
  });

  it('adds what is computed without a slot, and finds it by its title', () => {
    expect(searchPalette(palette, 'read csv').map(({ id }) => id)).toEqual(['csv=parse']);
    const flow = add(add(emptyDocument(), 'webhook!received'), 'csv=parse');
    expect(flow.slots).toEqual({});
    expect(flow.steps[1]).toMatchObject({ id: 'csv', kind: 'compute', connector: 'csv', computation: 'parse' });
    expect(checkFlow(flow, aCatalogue).map(({ code }) => code)).toEqual(['step.input_missing']);
  });

  it('begins with the schedule by which a standard says that it is tried again', () => {
    const catalogue = structuredClone(aCatalogue);
    for (const action of catalogue['smtp']?.actions ?? [])
      action.retrySchedule = { title: 'A standard', pauses: [5, 60] };
    const [entry] = searchPalette(paletteOf(catalogue), 'send mail');
    if (entry === undefined) throw new Error('The palette has no mail');
    const flow = planAddition(emptyDocument(), entry, { catalogue }).operations.reduce<FlowDocument>(
      apply,
      emptyDocument(),
    );
    expect(flow.steps[0]).toMatchObject({ retry: { attempts: 3, pauses: [5, 60] } });
    expect(flowDocumentSchema.parse(flow)).toEqual(flow);
  });

  it('gives a trigger that looks for news a slot to ask through, unless there is one', () => {
    const [action] = aCatalogue['hubspot']?.actions ?? [];
    const catalogue = structuredClone(aCatalogue);
    for (const trigger of catalogue['hubspot']?.triggers ?? [])
      Object.assign(trigger, { scheme: 'poll', asks: action?.id });
    const entry = everyEntry(palette).find((each) => each.id === 'hubspot!contact.changed');
    if (entry === undefined) throw new Error('The palette has no such trigger');
    const once = planAddition(emptyDocument(), entry, { catalogue }).operations.reduce<FlowDocument>(
      apply,
      emptyDocument(),
    );
    const twice = planAddition(once, entry, { catalogue }).operations.reduce<FlowDocument>(apply, once);
    for (const flow of [once, twice]) {
      expect(flow.slots).toEqual({ crm: { connector: 'hubspot' } });
      expect(flow.steps).toMatchObject([{ kind: 'trigger', connector: 'hubspot', config: {} }]);
    }
  });

  it('goes between the selected step and what follows, which makes room', () => {
    const flow = aFlow({
      steps: [aTrigger, { id: 'a', kind: 'transform' }, { id: 'b', kind: 'transform' }],
      edges: ['paid -> a', 'a -> b'],
      layout: { paid: [0, 0], a: [0, 80], b: [0, 160] },
    });
    const after = add(flow, 'wait', { after: { step: 'a' } });
    expect(after.edges.map(edgeId)).toEqual(['paid:next->a', 'a:next->wait', 'wait:next->b']);
    expect(after.layout).toMatchObject({ wait: [0, 160], b: [0, 240] });
  });

  it('takes the first free way of a branch', () => {
    const flow = aFlow({
      steps: [aTrigger, { id: 'big', kind: 'branch', cases: [{ port: 'yes', when: true }] }, { id: 'a', kind: 'stop' }],
      edges: ['paid -> big', 'big:yes -> a'],
    });
    expect(add(flow, 'stop', { after: { step: 'big' } }).edges.map(edgeId)).toContain('big:else->stop');
  });

  it('lies beside what is in the way of where it was dropped', () => {
    const flow = aFlow({ steps: [aTrigger], edges: [], layout: { paid: [0, 0] } });
    const { wait } = add(flow, 'wait', { at: [13, 8] }).layout;
    expect(wait).toEqual([260, 0]);
  });

  it('goes into a loop: first at its start, then after the last in it, and onto a wire in it', () => {
    const flow = ['webhook!received', 'forEach', 'stop'].reduce((document, id) => add(document, id), emptyDocument());
    expect(flow.layout).toEqual({ start: [0, 0], each: [-20, 80], stop: [0, 240] });
    const one = add(flow, 'transform', { inside: 'each' });
    const two = add(one, 'state', { inside: 'each' });
    const between = add(two, 'filter', { onWire: { from: 'map', to: 'state' } });
    expect(between.steps[1]).toMatchObject({
      steps: [{ id: 'map' }, { id: 'state' }, { id: 'filter' }],
      edges: [
        { from: 'map', to: 'filter' },
        { from: 'filter', to: 'state' },
      ],
    });
    expect(between.layout).toMatchObject({ map: [20, 60], filter: [20, 140], state: [20, 220] });
  });

  it('goes into the loop that is selected while it is open, and after it while it is folded', () => {
    const document = add(add(emptyDocument(), 'webhook!received'), 'repeat');
    const by = (folded: string[]) => placeBySelection({ document, selection: ['repeat'], folded: new Set(folded) });
    expect(by([])).toEqual({ inside: 'repeat' });
    expect(by(['repeat'])).toEqual({ after: { step: 'repeat' } });
  });

  it('makes steps of every kind that can be saved', () => {
    const flow = everyEntry(palette).reduce((document, { id }) => add(document, id), emptyDocument());
    expect(flowDocumentSchema.parse(flow)).toEqual(flow);
  });

  it('replaces the trigger and keeps what follows it', () => {
    const flow = aFlow({
      steps: [aTrigger, { id: 'a', kind: 'transform' }],
      edges: ['paid -> a'],
      layout: { paid: [40, 20] },
    });
    const after = add(flow, 'hubspot!contact.changed');
    expect(after.steps.filter(({ kind }) => kind === 'trigger')).toMatchObject([{ id: 'paid', connector: 'hubspot' }]);
    expect(after.edges.map(edgeId)).toEqual(['paid:next->a']);
    expect(after.layout['paid']).toEqual([40, 20]);
  });
});

describe('the palette', () => {
  it('finds by title, service and purpose, titles first', () => {
    expect(searchPalette(palette, 'hubspot contact').map(({ id }) => id)).toEqual([
      'hubspot!contact.changed',
      'hubspot.contacts.upsert',
    ]);
    expect(searchPalette(palette, 'branch').map(({ id }) => id)[0]).toBe('branch');
    expect(searchPalette(palette, 'several ways').map(({ id }) => id)).toEqual(['branch']);
    expect(searchPalette(palette, 'nothing like it')).toEqual([]);
  });

  it('names starts of services after them, and takes what was typed in full first', () => {
    const { starts } = palette;
    const [found] = starts.filter(({ id }) => id === 'hubspot!contact.changed');
    expect(found?.title).toMatch(/^HubSpot: [a-z]/);
    for (const { id, title } of starts) expect(searchPalette(palette, title)[0]?.id).toBe(id);
  });
});
