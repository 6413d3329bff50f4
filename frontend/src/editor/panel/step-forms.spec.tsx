import { MantineProvider } from '@mantine/core';
import { findStep } from '@sluice/shared/flow';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow as aDocument, aTrigger } from '../../../../shared/test/a-flow.js';
import { aFlow, someEnvironments } from '../../../test/factories.js';
import { aPage, fakeApi } from '../../../test/fake-api.js';
import { breaches } from '../../../test/render-app.js';
import { createQueryClient } from '../../api/query-client.js';
import { EditorProvider } from '../store/editor-context.js';
import { createEditorStore } from '../store/editor-store.js';
import { FlowIdProvider } from '../store/flow-id.js';
import { StepPanel } from './StepPanel.js';

const drawn = aDocument({
  steps: [
    { ...aTrigger, id: 'paid' },
    {
      id: 'lines',
      name: 'Each line',
      kind: 'forEach',
      items: { $: 'trigger.body.lines' },
      steps: [
        { id: 'shape', name: 'Shape line', kind: 'transform', input: { sku: { $: 'item.sku' } } },
        { id: 'again', name: 'Try again', kind: 'repeat', until: { $: 'true' }, steps: [], edges: [] },
      ],
      edges: [{ from: 'shape', to: 'again' }],
    },
    { id: 'ask', name: 'Ask', kind: 'approval', question: '' },
    { id: 'answer', name: 'Answer', kind: 'callback' },
    { id: 'other', name: 'Other flow', kind: 'subflow', flow: '' },
    { id: 'seen', name: 'Seen', kind: 'state', operation: 'set', key: 'last', value: 1 },
    { id: 'code', name: 'Compute', kind: 'code', source: 'return 1;' },
    {
      id: 'read',
      kind: 'compute',
      connector: 'csv',
      computation: 'parse',
      input: { text: { $: 'trigger.body.file' } },
    },
    { id: 'mail', kind: 'action', slot: 'mail', action: 'send', input: {} },
  ],
  slots: { mail: { connector: 'smtp' } },
  edges: [
    'paid -> lines',
    'lines -> ask',
    'ask:approved -> answer',
    'answer -> other',
    'other -> seen',
    'seen -> code',
    'code -> read',
    'read -> mail',
  ],
});

/** Sending mail is tried again by a standard. */
const catalogue = structuredClone(aCatalogue);
for (const action of catalogue['smtp']?.actions ?? []) action.retrySchedule = { title: 'A standard', pauses: [5, 60] };

/** The panel of one step, on a store of its own. */
function openPanel(stepId: string) {
  fakeApi({
    'GET /environments': aPage(someEnvironments()),
    'GET /flows/flw_1/endpoints': { items: [] },
    'GET /flows': aPage([
      aFlow({ id: 'flw_2', name: 'By hand', connectors: ['manual'] }),
      aFlow({ id: 'flw_3', name: 'By event', connectors: ['webhook'] }),
    ]),
  });
  const store = createEditorStore({ document: drawn, catalogue });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <EditorProvider store={store}>
          <FlowIdProvider value="flw_1">
            <StepPanel stepId={stepId} onClose={() => undefined} />
          </FlowIdProvider>
        </EditorProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { user: userEvent.setup(), drawnNow: () => findStep(store.getState().document, stepId) };
}

describe('the forms of steps that loop, ask and remember', () => {
  it('asks a person: who decides, for how long, and what stands when nobody does', async () => {
    const { user, drawnNow } = openPanel('ask');
    await user.type(screen.getByRole('textbox', { name: 'Question' }), 'Pay?');
    await user.click(screen.getByRole('checkbox', { name: 'operator' }));
    await user.click(screen.getByRole('checkbox', { name: 'owner' }));
    const time = screen.getByRole('textbox', { name: 'Waits for' });
    expect(time).toHaveProperty('value', '7');
    await user.clear(time);
    await user.type(time, '2');
    expect(drawnNow()).toMatchObject({
      question: 'Pay?',
      deciders: ['operator', 'approver', 'admin'],
      timeoutSeconds: 172_800,
    });
    expect(screen.queryByRole('checkbox', { name: 'auditor' })).toBeNull();
  });

  it('names what a run is about, and lets runs of one key go in order', async () => {
    const { user, drawnNow } = openPanel('paid');
    await user.type(screen.getByRole('textbox', { name: 'Business key' }), 'order-7');
    await user.click(screen.getByRole('switch', { name: /^One after another for each key/ }));
    expect(drawnNow()).toMatchObject({ key: 'order-7', inOrder: true });
    await user.click(screen.getByRole('switch', { name: /^One after another for each key/ }));
    expect(drawnNow()).not.toHaveProperty('inOrder');
    await user.clear(screen.getByRole('textbox', { name: 'Business key' }));
    expect(drawnNow()).not.toHaveProperty('key');
  });

  it('asks for what something is computed of, and says what that holds', async () => {
    const { user, drawnNow } = openPanel('read');
    expect(screen.getByText('Makes rows of a text')).toBeTruthy();
    const marked = screen.getAllByText('personal').map((tag) => tag.closest('div')?.textContent);
    expect(marked).toContainEqual(expect.stringMatching(/^Texttext, required/));
    await user.click(screen.getByRole('button', { name: 'Map another field' }));
    await user.click(await screen.findByRole('menuitem', { name: /Delimiter/ }));
    await user.click(screen.getByRole('combobox', { name: 'Delimiter' }));
    await user.click(await screen.findByRole('option', { name: ';', hidden: true }));
    expect(drawnNow()).toMatchObject({ input: { delimiter: ';' } });
    expect(screen.getByRole('tab', { name: /On failure/ }).textContent).toContain('fails the run');
  });

  it('tries again as a standard says, with its pauses in words', async () => {
    const { user, drawnNow } = openPanel('mail');
    await user.click(screen.getByRole('tab', { name: /On failure/ }));
    await user.click(screen.getByRole('switch', { name: /^Try again/ }));
    expect(drawnNow()).toMatchObject({ retry: { attempts: 3, pauses: [5, 60] } });
    expect(screen.getByText('Again after 5 s, 1 min; each up to a tenth later.')).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: 'First pause' })).toBeNull();
    await user.click(screen.getByRole('combobox', { name: 'Pause' }));
    await user.click(await screen.findByRole('option', { name: 'Always the same', hidden: true }));
    expect(drawnNow()).toMatchObject({ retry: { backoff: 'fixed' } });
    expect(drawnNow()).not.toHaveProperty('retry.pauses');
    expect(screen.getByRole('textbox', { name: 'First pause' })).toBeTruthy();
  });

  it('offers only flows that start by hand', async () => {
    const { user, drawnNow } = openPanel('other');
    await user.click(screen.getByRole('combobox', { name: 'Flow' }));
    expect(await screen.findByRole('option', { name: 'By hand', hidden: true })).toBeTruthy();
    expect(screen.queryByRole('option', { name: 'By event', hidden: true })).toBeNull();
    await user.click(screen.getByRole('option', { name: 'By hand', hidden: true }));
    expect(drawnNow()).toMatchObject({ flow: 'flw_2' });
  });

  it('drops the value with the operation that used it', async () => {
    const { user, drawnNow } = openPanel('seen');
    await user.click(screen.getByRole('combobox', { name: 'What to do' }));
    await user.click(await screen.findByRole('option', { name: 'Add to it', hidden: true }));
    expect(screen.queryByRole('textbox', { name: 'Value' })).toBeNull();
    expect(drawnNow()).toMatchObject({ operation: 'increment', key: 'last' });
    expect(drawnNow()).not.toHaveProperty('value');
  });

  it('says where code may not run', async () => {
    openPanel('code');
    expect(await screen.findByText('Code steps may not run in dev, staging, production')).toBeTruthy();
  });

  it('offers the item and the index of the loop around a step, and to a loop what is in it', () => {
    openPanel('shape');
    const data = screen.getByRole('region', { name: 'Data' });
    for (const path of ['item', 'index', 'callbacks.answer'])
      expect(within(data).getByTitle(`Put ${path} into the field`)).toBeTruthy();
    expect(within(data).queryByText('Shape line')).toBeNull();
  });

  it.each(['lines', 'again', 'ask', 'answer', 'other', 'seen', 'code', 'read', 'mail'])(
    'has no breach of accessibility for %s',
    async (stepId) => {
      openPanel(stepId);
      expect(await breaches()).toEqual([]);
    },
  );
});
