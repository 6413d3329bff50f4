import { flowsApi } from '@sluice/shared/api';
import { applyChanges, checkFlow, computeManifest, flowDocumentSchema } from '@sluice/shared/flow';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../shared/test/a-catalogue.js';
import { aFlow as aDocument, aTrigger } from '../../../shared/test/a-flow.js';
import { aFlow, aMe, aRun, aStep, aWholeRun, someEnvironments } from '../../test/factories.js';
import { aPage, aProblem, type Handlers, type Sent } from '../../test/fake-api.js';
import { breaches, renderApp } from '../../test/render-app.js';
import { keepSamples, readSamples } from './store/kept-samples.js';

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
  let document = drawn;
  function save({ body }: Sent) {
    const { changes } = flowsApi.changeDraft.body.parse(body);
    document = applyChanges(document, changes).document;
    revision += 1;
    return { body: { revision, ...checked(document) } };
  }
  const flow = () => aFlow({ revision, latestVersion: null, deployments: [], hasChanges: true });
  return renderApp('/flows/flw_1', {
    'GET /flows/flw_1': () => ({ body: flow() }),
    'GET /flows/flw_1/draft': { document: drawn, revision, boundaries, ...checked(drawn) },
    'PATCH /flows/flw_1/draft': save,
    'GET /flows/flw_1/deployments': aPage([]),
    'GET /flows/flw_1/endpoints': aPage([]),
    'GET /flows/flw_1/versions': aPage([]),
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
const answered = aDocument({
  slots: { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } },
  steps: [
    aTrigger,
    { id: 'contact', kind: 'action', slot: 'crm', action: 'contacts.upsert', input: { email: 'ada@example.com' } },
    {
      id: 'mail',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: { to: 'a@example.com', subject: { $: 'steps.contact.id' }, text: 'b' },
    },
  ],
  edges: ['paid -> contact', 'contact -> mail'],
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
afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});

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

  it('marks a step that an environment would refuse for what it sends, with the way the data took, and so before publishing', async () => {
    const places = [
      { name: 'dev', classes: ['public', 'internal', 'personal'] as const },
      { name: 'production', classes: ['public'] as const },
    ];
    const strict = { answers: {}, environments: places.map((place) => ({ ...place, classes: [...place.classes] })) };
    const { user } = openEditor({
      'GET /flows/flw_1': { ...aFlow({ revision: 3, latestVersion: 1, deployments: [], hasChanges: true }) },
      'GET /flows/flw_1/draft': { document: sending, revision: 3, boundaries: strict, ...checked(sending) },
      'GET /flows/flw_1/versions/1': {
        version: 1,
        hash: 'sha256:1',
        manifest: checked(drawn).manifest,
        note: null,
        createdBy: { id: 'm', name: 'Jonas' },
        createdAt: '2026-11-20T13:00:00.000Z',
        document: drawn,
      },
    });
    const way = /paid\.body\.email -> mail\.to/;
    const step = await screen.findByRole('group', { name: /refused in production$/ }, loaded);
    expect(within(step).getByText('Refused in production').parentElement?.title).toMatch(way);
    step.focus();
    await user.keyboard('{Enter}');
    const panel = await screen.findByRole('region', { name: /^Step/ });
    const said = within(panel).getByText('Refused in').closest('[role="status"]')?.textContent;
    expect(said).toContain('production');
    expect(said).toMatch(way);
    expect(await breaches()).toEqual([]);
    await user.click(screen.getByRole('button', { name: /^Publish v2/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Publish v2' });
    expect(await within(dialog).findByText(way)).toBeTruthy();
  });

  it('says what an environment would refuse of a version before it is asked to run it', async () => {
    const [dev, staging, production] = someEnvironments();
    if (dev === undefined || staging === undefined || production === undefined) throw new Error('Three are there');
    const strict = { ...production, policy: { ...production.policy, classes: ['public' as const] } };
    const { user } = openEditor({
      'GET /flows/flw_1': { ...aFlow({ revision: 3, latestVersion: 1, deployments: [], hasChanges: false }) },
      'GET /flows/flw_1/draft': { document: sending, revision: 3, boundaries, ...checked(sending) },
      'GET /environments': aPage([dev, staging, strict]),
      'GET /flows/flw_1/versions/1': {
        version: 1,
        hash: 'sha256:1',
        manifest: checked(sending).manifest,
        note: null,
        createdBy: { id: 'm', name: 'Jonas' },
        createdAt: '2026-11-20T13:00:00.000Z',
        document: sending,
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Deploy' }, loaded));
    const dialog = within(await screen.findByRole('dialog', { name: /^Deploy / }));
    await dialog.findByRole('button', { name: 'Deploy v1 to dev' });
    expect(dialog.queryByText(/would refuse this version/)).toBeNull();
    await user.click(dialog.getByRole('combobox', { name: 'Environment' }));
    await user.click(await screen.findByRole('option', { name: 'production', hidden: true }));
    expect(await dialog.findByText('production would refuse this version for what it sends:')).toBeTruthy();
    expect(dialog.getByText(/paid\.body\.email -> mail\.to/)).toBeTruthy();
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
    expect(api.last('PATCH /flows/flw_1/draft').body).toMatchObject({
      baseRevision: 3,
      changes: [
        { at: ['steps', 'contact', 'input', 'email'], to: { $: 'trigger.body' } },
        { at: ['layout', 'paid'] },
        {},
        {},
      ],
    });
    // Kept before it is published: a version is made of what the server holds.
    const order = api.sent.map(({ method, path }) => `${method} ${path}`);
    expect(order.indexOf('PATCH /flows/flw_1/draft')).toBeLessThan(order.indexOf('POST /flows/flw_1/versions'));
  });

  it('tries one step on samples of those before it, shows what became of it, and learns what the others gave', async () => {
    const { user, api } = openEditor({
      'GET /flows/flw_1/draft': { document: answered, revision: 3, boundaries, ...checked(answered) },
      'POST /flows/flw_1/trials': () => ({ status: 202, body: { runId: 'run_1' } }),
      'GET /runs/run_1': aWholeRun({
        status: 'failed',
        steps: [
          aStep({ id: 'contact', key: 'contact', output: { id: 'learned' } }),
          aStep({
            id: 'mail',
            key: 'mail',
            status: 'failed',
            error: { code: 'x', message: 'The mail server asked to try later' },
          }),
        ],
      }),
    });
    await select(user, 'Send');
    await user.click(screen.getByRole('tab', { name: 'Try' }));
    await user.click(screen.getByRole('button', { name: 'Run this step' }));
    expect(await screen.findByText('The mail server asked to try later', {}, loaded)).toBeTruthy();
    expect(api.last('POST /flows/flw_1/trials').body).toMatchObject({
      environment: 'dev',
      upTo: 'mail',
      standIns: { contact: { id: '1' } },
    });
    expect(screen.getByRole('group', { name: /^Send,.*failed/ })).toBeTruthy();

    await user.click(screen.getByRole('button', { name: 'Back to drawing' }));
    expect(screen.queryByRole('group', { name: /^Send,.*failed/ })).toBeNull();

    await select(user, 'Create or change a contact');
    await user.click(screen.getByRole('tab', { name: 'Output' }));
    expect(screen.getByRole('heading', { name: 'In the last trial' })).toBeTruthy();
    expect(screen.getByText(/"learned"/)).toBeTruthy();
  });

  it('keeps what a step gave in a trial through a reload, until it is told to forget it', async () => {
    const opened = { 'GET /flows/flw_1/draft': { document: answered, revision: 3, boundaries, ...checked(answered) } };
    keepSamples(
      sessionStorage,
      { member: aMe().id, flow: 'flw_1' },
      { pins: {}, learned: { contact: { id: 'kept' } } },
    );
    const { user } = openEditor(opened);
    await select(user, 'Create or change a contact');
    await user.click(screen.getByRole('tab', { name: 'Output' }));
    expect(screen.getByText(/"kept"/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Forget it' }));
    expect(screen.getByRole('heading', { name: 'On the sample' })).toBeTruthy();
    expect(readSamples(sessionStorage, { member: aMe().id, flow: 'flw_1' }).learned).toEqual({});
  });

  it('starts one trial for a double click, and none for a key that is held', async () => {
    const { user, api } = openEditor({
      'GET /flows/flw_1/draft': { document: answered, revision: 3, boundaries, ...checked(answered) },
      'POST /flows/flw_1/trials': () => ({ status: 202, body: { runId: 'run_1' } }),
      'GET /runs/run_1': aWholeRun({ steps: [aStep({ id: 'contact', key: 'contact' })] }),
    });
    await select(user, 'Send');
    fireEvent.keyDown(document.body, { key: 'Enter', shiftKey: true, repeat: true });
    await select(user, 'Create or change a contact');
    await user.click(screen.getByRole('tab', { name: 'Try' }));
    const button = screen.getByRole('button', { name: 'Run this step' });
    act(() => {
      button.click();
      button.click();
    });
    await screen.findByRole('region', { name: 'Trial' }, loaded);
    const tried = api.sent.filter(({ method, path }) => `${method} ${path}` === 'POST /flows/flw_1/trials');
    expect(tried.map(({ body }) => body)).toMatchObject([{ upTo: 'contact' }]);
  });

  it('adds a step from the palette after the selected one, and takes it back, and tells readers of it', async () => {
    const { user } = openEditor();
    await select(user, 'Clean up');
    await user.click(screen.getByRole('button', { name: 'Add Wait' }));
    expect(screen.getByRole('group', { name: /^Wait, For 1 min, .*leads to contact/ })).toBeTruthy();
    expect(screen.getByText('Added Wait after Clean up.').ariaLive).toBe('polite');
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(screen.queryByRole('group', { name: /^Wait/ })).toBeNull();
    expect(screen.getByText('Undone. Removed Wait.')).toBeTruthy();
    await user.keyboard('{Control>}y{/Control}');
    expect(screen.getByText('Redone. Added Wait after Clean up.')).toBeTruthy();
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

  const called = (name: string) => ({
    ...drawn,
    steps: drawn.steps.map((step) => (step.id === 'clean' ? { ...step, name } : step)),
  });
  /** Somebody saved another name for the step after this editor opened. */
  function openLate() {
    let loads = 0;
    let refusals = 0;
    return openEditor({
      'GET /flows/flw_1/draft': () => {
        const document = loads++ === 0 ? drawn : called('Tidy');
        return { body: { document, revision: loads === 1 ? 3 : 4, boundaries, ...checked(document) } };
      },
      'PATCH /flows/flw_1/draft': () =>
        refusals++ === 0
          ? aProblem(409, 'flow.changed_elsewhere', 'Somebody changed this draft meanwhile; load it again.')
          : { body: { revision: 5, ...checked(drawn) } },
    });
  }

  it('shows both when somebody else changed the same field, and keeps the one that is chosen', async () => {
    const { user, api } = openLate();
    await select(user, 'Clean up');
    await user.type(screen.getByRole('textbox', { name: 'Name of the step' }), ' well');
    const bar = await screen.findByRole('region', { name: 'Changed by two people' }, loaded);
    expect(within(bar).getByRole('group', { name: 'Clean up well: Name' })).toBeTruthy();
    expect(within(bar).getByRole('radio', { name: 'Yours: Clean up well' })).toHaveProperty('checked', true);
    await user.click(within(bar).getByRole('radio', { name: 'Theirs: Tidy' }));
    await user.click(within(bar).getByRole('button', { name: 'Keep what is chosen' }));
    expect(await screen.findByRole('group', { name: /^Tidy, / })).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Changed by two people' })).toBeNull();
    expect(await breaches()).toEqual([]);
    await waitFor(() => expect(api.last('PATCH /flows/flw_1/draft').body).toMatchObject({ baseRevision: 4 }));
  });

  it('puts edits of different steps together without a question, and one step back takes only mine', async () => {
    const { user, api } = openLate();
    await select(user, 'Create or change a contact');
    await user.type(screen.getByRole('textbox', { name: 'Name of the step' }), 'Keep');
    expect(await screen.findByRole('group', { name: /^Tidy, / }, loaded)).toBeTruthy();
    expect(screen.getByRole('group', { name: /^Keep, / })).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Changed by two people' })).toBeNull();
    await waitFor(() => expect(api.last('PATCH /flows/flw_1/draft').body).toMatchObject({ baseRevision: 4 }), loaded);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(screen.getByRole('group', { name: /^Create or change a contact, / })).toBeTruthy();
    expect(screen.getByRole('group', { name: /^Tidy, / })).toBeTruthy();
  });

  it('says who else is here, and warns at a step that both have open', async () => {
    const member = { id: 'mem_2', name: 'Ada Byron' };
    const { user, api } = openEditor({
      'PUT /flows/flw_1/presence': { others: [{ member, tab: 'tab_another', step: 'clean' }] },
    });
    await screen.findByRole('group', { name: /^Clean up, / }, loaded);
    expect((await screen.findByRole('group', { name: 'Also here' })).textContent).toContain('Ada Byron, at Clean up');
    expect(screen.queryByText('Ada Byron has this step open too')).toBeNull();
    await select(user, 'Clean up');
    expect(screen.getByText('Ada Byron has this step open too')).toBeTruthy();
    await waitFor(() =>
      expect(api.last('PUT /flows/flw_1/presence').body).toMatchObject({ step: 'clean', isHere: true }),
    );
  });

  it('says in the data what each value is, which class it holds, and by which way that came', async () => {
    const { user } = openEditor({
      'GET /flows/flw_1/draft': { document: sending, revision: 3, boundaries, ...checked(sending) },
    });
    await select(user, 'Send');
    const data = within(screen.getByRole('region', { name: 'Data' }));
    expect(data.getByTitle('Put trigger.body into the field').textContent).toMatch(/fields$/);
    await user.click(data.getAllByRole('button', { name: 'Why is this personal?' })[0] ?? data.getByRole('button'));
    const why = await screen.findByRole('dialog', { name: 'Why is this personal?' }, loaded);
    expect(within(why).getByText('paid.body')).toBeTruthy();
  });

  it('shows a real run in the drawing of its version, its loop pass by pass, and leaves the draft alone', async () => {
    const version = {
      version: 1,
      hash: 'sha256:1',
      note: null,
      createdBy: { id: 'm', name: 'Jonas' },
      createdAt: '2026-11-20T13:00:00.000Z',
      ...checked(looped),
      document: looped,
    };
    const loop = aStep({
      id: 'lines',
      key: 'lines',
      kind: 'forEach',
      name: 'Each line',
      passes: { total: 2, begun: 2, failed: 1 },
    });
    const ofPass = (index: number, status: 'failed' | 'succeeded') => ({
      at: `[${index}]`,
      index,
      status,
      error: null,
      steps: [
        aStep({
          id: 'shape',
          key: `shape[${index}]`,
          inside: 'lines',
          name: 'Shape line',
          status,
          output: { sku: `S-${index}` },
        }),
      ],
    });
    const passes = [ofPass(1, 'failed'), ofPass(0, 'succeeded')];
    const { user } = openEditor({
      'GET /flows/flw_1': aFlow({ revision: 3, latestVersion: 1, deployments: [], hasChanges: true }),
      'GET /flows/flw_1/versions': aPage([version]),
      'GET /flows/flw_1/versions/1': version,
      'GET /runs': aPage([aRun({ id: 'run_1', version: 1 })]),
      'GET /runs/run_1': aWholeRun({ id: 'run_1', version: 1, steps: [loop] }),
      'GET /runs/run_1/passes': { ...aPage(passes), total: 2 },
    });
    await user.click(await screen.findByTitle('Show this run on the canvas', {}, loaded));
    const drawnLoop = await screen.findByRole('group', { name: /^Each line,/ }, loaded);
    expect(screen.queryByRole('group', { name: /^Clean up,/ })).toBeNull();
    await user.keyboard('{Control>}a{/Control}{Delete}');
    drawnLoop.focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Pass 2 of 2', {}, loaded)).toBeTruthy();
    expect(await screen.findByRole('group', { name: /^Shape line,.*failed/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'The next pass' }));
    expect(await screen.findByText('Pass 1 of 2')).toBeTruthy();
    const shaped = await screen.findByRole('group', { name: /^Shape line,.*succeeded/ });
    expect(await breaches()).toEqual([]);
    shaped.focus();
    await user.keyboard('{Enter}');
    expect((await screen.findByLabelText('Output in the run')).textContent).toContain('S-0');
    await user.click(screen.getByRole('button', { name: 'Back to drawing' }));
    expect(await screen.findByRole('group', { name: /^Clean up,/ })).toBeTruthy();
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
      'GET /flows/flw_1/versions': aPage([]),
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
