import { checkFlow, computeManifest, flowDocumentSchema } from '@sluice/shared/flow';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../shared/test/a-catalogue.js';
import { aFlow as aDocument, aTrigger } from '../../../shared/test/a-flow.js';
import { aFlow } from '../../test/factories.js';
import { aPage, aProblem, type Handlers, type Sent } from '../../test/fake-api.js';
import { breaches, renderApp } from '../../test/render-app.js';

const drawn = aDocument({
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    aTrigger,
    { id: 'clean', name: 'Clean up', kind: 'transform', input: { email: { $: '$lowercase(trigger.body.email)' } } },
    { id: 'contact', kind: 'action', slot: 'crm', action: 'contacts.upsert', input: {} },
  ],
  edges: ['paid -> clean', 'clean -> contact'],
});

const boundaries = { answers: {}, environments: [] };

function checked(document: unknown) {
  const parsed = flowDocumentSchema.parse(document);
  return { problems: checkFlow(parsed, aCatalogue), manifest: computeManifest(parsed, aCatalogue) };
}

/** A server that keeps the draft. */
function openEditor(more: Handlers = {}) {
  let revision = 3;
  function save({ body }: Sent) {
    if (typeof body !== 'object' || body === null || !('document' in body))
      throw new Error('The draft has no document');
    revision += 1;
    return { body: { revision, ...checked(body.document) } };
  }
  const flow = () => aFlow({ revision, latestVersion: null, deployments: [], hasChanges: true });
  return renderApp('/flows/flw_1', {
    'GET /flows/flw_1': () => ({ body: flow() }),
    'GET /flows/flw_1/draft': { document: drawn, revision, boundaries, ...checked(drawn) },
    'PUT /flows/flw_1/draft': save,
    'GET /flows/flw_1/deployments': aPage([]),
    'GET /flows/flw_1/endpoints': aPage([]),
    'GET /connectors': aPage(Object.values(aCatalogue)),
    ...more,
  });
}

const sending = aDocument({
  slots: { mail: { connector: 'smtp' } },
  steps: [
    aTrigger,
    {
      id: 'mail',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: { to: { $: 'trigger.body.email' }, subject: 'a', text: 'b' },
    },
  ],
  edges: ['paid -> mail'],
});
const looped = aDocument({
  steps: [
    aTrigger,
    {
      id: 'lines',
      name: 'Each line',
      kind: 'forEach',
      items: { $: 'trigger.body.lines' },
      steps: [{ id: 'shape', name: 'Shape line', kind: 'transform', input: { sku: { $: 'item.sku' } } }],
      edges: [],
    },
  ],
  edges: ['paid -> lines'],
});
const withLoop = { 'GET /flows/flw_1/draft': { document: looped, revision: 3, boundaries, ...checked(looped) } };

const loaded = { timeout: 8000 };
afterEach(cleanup);

async function select(user: ReturnType<typeof openEditor>['user'], label: string) {
  const step = await screen.findByRole('group', { name: new RegExp(`^${label}`) }, loaded);
  step.focus();
  await user.keyboard('{Enter}');
  return step;
}

describe('the editor', () => {
  it('draws the flow as steps that say what they are, and says why it cannot be published', async () => {
    openEditor();
    expect(
      await screen.findByRole('group', { name: /^Clean up, 1 field, step 2 of 3, leads to contact/ }, loaded),
    ).toBeTruthy();
    expect(screen.getByRole('group', { name: /HubSpot via crm, step 3 of 3, 1 problem/ })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Publish v1' })).toHaveProperty('disabled', true);
    expect(screen.getByRole('button', { name: /^Manifest/ }).textContent).toContain('api.hubapi.com');
  });

  it('maps a field by a click in the data, keeps the draft, and can then publish', async () => {
    const { user, api } = openEditor({
      'POST /flows/flw_1/versions': () => ({
        status: 201,
        body: {
          version: 1,
          hash: 'sha256:1',
          manifest: checked(drawn).manifest,
          note: null,
          createdBy: { id: 'm', name: 'Jonas' },
          createdAt: '2026-11-20T13:00:00.000Z',
        },
      }),
    });
    await select(user, 'Create or change a contact');
    await user.click(screen.getByRole('textbox', { name: 'Email' }));
    await user.click(
      within(screen.getByRole('region', { name: 'Data' })).getByTitle('Put trigger.body into the field'),
    );
    const publish = screen.getByRole('button', { name: /^Publish v1/ });
    await waitFor(() => expect(publish).toHaveProperty('disabled', false));
    await user.click(publish);
    await waitFor(() => expect(api.last('POST /flows/flw_1/versions')).toBeTruthy());
    const saved = api.last('PUT /flows/flw_1/draft').body;
    expect(saved).toMatchObject({
      baseRevision: 3,
      document: { steps: [{}, {}, { id: 'contact', input: { email: { $: 'trigger.body' } } }] },
    });
    // Kept before it is published: a version is made of what the server holds.
    const order = api.sent.map(({ method, path }) => `${method} ${path}`);
    expect(order.indexOf('PUT /flows/flw_1/draft')).toBeLessThan(order.indexOf('POST /flows/flw_1/versions'));
  });

  it('adds a step from the palette after the selected one, and takes it back', async () => {
    const { user } = openEditor();
    await select(user, 'Clean up');
    await user.click(screen.getByRole('button', { name: 'Add Wait' }));
    expect(screen.getByRole('group', { name: /^Wait, For 1 min, .*leads to contact/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(screen.queryByRole('group', { name: /^Wait/ })).toBeNull();
  });

  it('shows a loop with its steps in it, folds it to one, and finds a step inside by opening it', async () => {
    const { user } = openEditor(withLoop);
    await screen.findByRole('group', { name: /^Shape line, 1 field, inside Each line/ }, loaded);
    await user.click(screen.getByRole('button', { name: 'Fold Each line' }));
    expect(screen.queryByRole('group', { name: /^Shape line/ })).toBeNull();
    expect(screen.getByRole('group', { name: /^Each line, 1 step inside/ })).toBeTruthy();
    await user.keyboard('{Control>}f{/Control}');
    await user.type(screen.getByRole('textbox', { name: 'Name or id' }), 'shape{Enter}');
    expect(await screen.findByRole('group', { name: /^Shape line/ })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Step Shape line' })).toBeTruthy();
  });

  it('adds into the loop that is selected, and takes it back', async () => {
    const { user } = openEditor(withLoop);
    await select(user, 'Each line');
    await user.click(screen.getByRole('button', { name: 'Add Map fields' }));
    expect(screen.getByRole('group', { name: /^Map fields, 0 fields, inside Each line/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(screen.queryByRole('group', { name: /^Map fields/ })).toBeNull();
  });

  it('keeps what was drawn when somebody else saved meanwhile, and offers theirs', async () => {
    const { user } = openEditor({
      'PUT /flows/flw_1/draft': () =>
        aProblem(409, 'flow.changed_elsewhere', 'Somebody changed this draft meanwhile; load it again.'),
    });
    await select(user, 'Clean up');
    await user.type(screen.getByRole('textbox', { name: 'Name of the step' }), ' well');
    expect(await screen.findByText('Somebody else saved this draft meanwhile', undefined, loaded)).toBeTruthy();
    expect(screen.getByRole('group', { name: /^Clean up well/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Reload' }));
    expect(await screen.findByRole('group', { name: /^Clean up, / })).toBeTruthy();
    expect(screen.queryByText('Somebody else saved this draft meanwhile')).toBeNull();
  });

  it('says which environments would refuse what is drawn, with the path', async () => {
    const environments = [
      { name: 'dev', classes: ['public'] },
      { name: 'staging', classes: ['public', 'internal', 'personal'] },
    ];
    renderApp('/flows/flw_1', {
      'GET /flows/flw_1': aFlow({ revision: 3, latestVersion: null, deployments: [], hasChanges: true }),
      'GET /flows/flw_1/draft': {
        document: sending,
        revision: 3,
        boundaries: { answers: {}, environments },
        ...checked(sending),
      },
      'GET /flows/flw_1/deployments': aPage([]),
      'GET /flows/flw_1/endpoints': aPage([]),
      'GET /connectors': aPage(Object.values(aCatalogue)),
    });
    const strip = within(await screen.findByRole('button', { name: /Manifest/ }));
    expect(strip.getByText('dev').title).toContain('paid.body.email -> mail.to');
    expect(strip.queryByText('staging')).toBeNull();
  });

  it('has no breach of accessibility, with and without a step open', async () => {
    const { user } = openEditor();
    await select(user, 'Create or change a contact');
    expect(await breaches()).toEqual([]);
    await user.keyboard('{Escape}');
    expect(await breaches()).toEqual([]);
  });
});
