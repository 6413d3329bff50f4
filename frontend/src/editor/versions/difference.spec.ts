import { computeManifest, type FlowDocument } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { differenceOf } from './difference.js';

const side = (document: FlowDocument) => ({ document, manifest: computeManifest(document, aCatalogue) });
/** As if its connector were imported. */
function imported(document: FlowDocument, version: string) {
  const hubspot = aCatalogue['hubspot'];
  if (hubspot === undefined) throw new Error('The catalogue has no hubspot');
  return { document, manifest: computeManifest(document, { ...aCatalogue, hubspot: { ...hubspot, version } }) };
}
const contact = {
  id: 'contact',
  kind: 'action',
  slot: 'crm',
  action: 'contacts.upsert',
  input: { email: { $: 'trigger.body.email' } },
} as const;
const before = aFlow({
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    aTrigger,
    { id: 'clean', kind: 'transform', name: 'Clean up', input: { a: 1 } },
    { id: 'gone', kind: 'stop' },
  ],
  edges: ['paid -> clean', 'clean -> gone'],
});
const after = aFlow({
  slots: { crm: { connector: 'hubspot' } },
  steps: [aTrigger, { id: 'clean', kind: 'transform', name: 'Clean up', input: { a: 2 } }, contact],
  edges: ['paid -> clean', 'clean -> contact'],
});

describe('the difference of two drawings', () => {
  const { marks, lines } = differenceOf(side(before), side(after), aCatalogue);

  it('marks what was added, taken away and changed', () => {
    expect(Object.fromEntries(marks)).toEqual({ contact: 'added', gone: 'removed', clean: 'changed' });
  });

  it('says first what it may touch that it could not before', () => {
    expect(lines[0]).toEqual({ mark: 'added', what: 'Host', name: 'api.hubapi.com', more: 'hubspot via crm' });
    expect(lines.some(({ what, name }) => what === 'Sends' && name === 'contact.email: personal')).toBe(true);
  });

  it('says which calls are new, and which connector was imported anew', () => {
    expect(lines).toContainEqual({
      mark: 'added',
      what: 'Call',
      name: 'POST /crm/v3/objects/contacts/batch/upsert',
      more: 'hubspot via crm',
    });
    const [old, anew] = ['sha256:1', 'sha256:2'].map((version) => imported(after, version));
    expect(old && anew && differenceOf(old, anew, aCatalogue).lines).toEqual([
      { mark: 'changed', what: 'Connector', name: 'hubspot', more: 'imported anew, via crm' },
    ]);
  });

  it('names what changed of a step, and its wires by their steps', () => {
    expect(lines).toContainEqual({ mark: 'changed', what: 'Step', name: 'Clean up', more: 'A' });
    expect(lines.filter(({ what }) => what === 'Wire').map(({ mark, name }) => `${mark} ${name}`)).toEqual([
      expect.stringMatching(/^added Clean up → /),
      expect.stringMatching(/^removed Clean up → /),
    ]);
  });

  it('is nothing where only places and notes differ', () => {
    const moved = { ...after, layout: { clean: [5, 5] as [number, number] } };
    expect(differenceOf(side(after), side(moved), aCatalogue)).toEqual({ marks: new Map(), lines: [] });
  });
});
