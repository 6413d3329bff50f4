import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../test/a-catalogue.js';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { computeManifest } from './compute-manifest.js';
import { diffManifests } from './diff-manifests.js';

const slots = { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } };
const aContact = {
  id: 'contact',
  kind: 'action',
  slot: 'crm',
  action: 'contacts.upsert',
  input: { email: { $: 'trigger.body.email' } },
};
const aReceipt = { id: 'receipt', kind: 'action', slot: 'mail', action: 'send', input: { to: 'a@example.com' } };
const manifestOf = (...steps: object[]) => computeManifest(aFlow({ slots, steps: [aTrigger, ...steps] }), aCatalogue);

describe('the difference of two manifests', () => {
  it('is everything at first, and nothing when nothing changed', () => {
    const manifest = manifestOf(aContact, aReceipt);

    expect(diffManifests(null, manifest)).toMatchObject([
      {
        slot: 'crm',
        isWider: true,
        scopes: { added: ['contacts.write'], removed: [] },
        hosts: { added: ['api.hubapi.com'] },
        fields: { added: [{ field: 'email' }] },
      },
      { slot: 'mail', isWider: true, hosts: { added: ['connection'] }, calls: { added: ['SMTP MAIL'] } },
    ]);
    expect(diffManifests(manifest, manifest)).toEqual([]);
  });

  it('shows a field that reads something else, and that less is not wider', () => {
    const before = manifestOf(aContact, aReceipt);
    const after = manifestOf({ ...aContact, input: { email: { $: 'trigger.body.secondary' } } });

    expect(diffManifests(before, after)).toMatchObject([
      {
        slot: 'crm',
        isWider: true,
        scopes: { added: [], removed: [] },
        fields: {
          added: [{ step: 'contact', reads: ['trigger.body.secondary'] }],
          removed: [{ reads: ['trigger.body.email'] }],
        },
      },
      { slot: 'mail', isWider: false, scopes: { added: [], removed: ['send'] } },
    ]);
  });

  it('counts another declaration of an imported connector as wider, though nothing else changed', () => {
    const [before, after] = ['sha256:1', 'sha256:2'].map((version) => {
      const manifest = manifestOf(aContact);
      const { crm } = manifest.slots;
      return { ...manifest, slots: { ...manifest.slots, ...(crm && { crm: { ...crm, version } }) } };
    });
    expect(after && diffManifests(before ?? null, after)).toMatchObject([
      { slot: 'crm', redeclared: true, isWider: true, calls: { added: [], removed: [] } },
    ]);
  });

  it('treats a slot that changed its connector as another slot', () => {
    const swapped = aFlow({ slots: { crm: { connector: 'smtp' } }, steps: [aTrigger, { ...aReceipt, slot: 'crm' }] });
    const changes = diffManifests(manifestOf(aContact), computeManifest(swapped, aCatalogue));

    expect(changes).toMatchObject([
      { slot: 'crm', connector: 'hubspot', isWider: false },
      { slot: 'crm', connector: 'smtp', isWider: true },
    ]);
  });
});
