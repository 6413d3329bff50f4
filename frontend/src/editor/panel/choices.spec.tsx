import { MantineProvider } from '@mantine/core';
import { declareConnector, describeConnector, field } from '@sluice/shared/connector';
import { findStep, type FlowDocument } from '@sluice/shared/flow';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aFlow as aDocument, aTrigger } from '../../../../shared/test/a-flow.js';
import { aConnection, aMe, someEnvironments } from '../../../test/factories.js';
import { aPage, aProblem, fakeApi, type Handlers } from '../../../test/fake-api.js';
import { breaches } from '../../../test/render-app.js';
import { createQueryClient } from '../../api/query-client.js';
import { EditorProvider } from '../store/editor-context.js';
import { createEditorStore } from '../store/editor-store.js';
import { FlowIdProvider } from '../store/flow-id.js';
import { StepPanel } from './StepPanel.js';

const desk = declareConnector({
  id: 'desk',
  title: 'Desk',
  description: 'Tickets',
  icon: { name: 'ticket', color: '#000000' },
  auth: ['bearer'],
  config: z.strictObject({}),
  hosts: ['desk.example'],
  origin: 'https://desk.example',
  scopes: { all: { title: 'All', risk: 'write', vendor: [] } },
});
const connector = desk.build({
  actions: {
    'tickets.open': desk.call('POST /tickets', {
      title: 'Open a ticket',
      description: 'Opens one',
      scopes: ['all'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        team: field.pick('Team', { action: 'teams.list', value: 'id', label: 'name' }, 'Its id.'),
        queue: field.pick('Queue', { action: 'queues.list', value: 'id', label: 'name', input: { team: 'team' } }),
      }),
      output: z.object({ id: z.string() }),
      sample: { input: { team: 't1', queue: 'q1' }, output: { id: '1' } },
    }),
  },
  triggers: {},
});
const catalogue = { desk: describeConnector(connector) };

function openStep(input: Extract<FlowDocument['steps'][number], { kind: 'action' }>['input'], more: Handlers = {}) {
  const document = aDocument({
    steps: [
      { ...aTrigger, id: 'paid' },
      { id: 'open', kind: 'action', slot: 'desk', action: 'tickets.open', input },
    ],
    slots: { desk: { connector: 'desk' } },
    edges: ['paid -> open'],
  });
  const api = fakeApi({
    'GET /environments': aPage(someEnvironments()),
    'GET /flows/flw_1/deployments': aPage([]),
    'GET /auth/me': aMe(),
    'GET /connections': aPage([
      aConnection({ id: 'con_live', connector: 'desk', environment: 'production', name: 'Live desk' }),
      aConnection({ id: 'con_1', connector: 'desk', environment: 'dev', name: 'Test desk' }),
    ]),
    'POST /connections/con_1/choices': {
      items: [
        { value: 't1', label: 'Refunds' },
        { value: 't2', label: 'Shipping' },
      ],
      more: false,
    },
    ...more,
  });
  const store = createEditorStore({ document, catalogue });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <EditorProvider store={store}>
          <FlowIdProvider value="flw_1">
            <StepPanel stepId="open" onClose={() => undefined} />
          </FlowIdProvider>
        </EditorProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { api, user: userEvent.setup(), drawnNow: () => findStep(store.getState().document, 'open') };
}

/** How often the service was asked. */
function asked(api: ReturnType<typeof fakeApi>): number {
  return api.sent.filter(({ path }) => path.endsWith('/choices')).length;
}

describe('choices of a field', () => {
  it('are asked of the service when they are opened, searched, and put into the field', async () => {
    const { api, user, drawnNow } = openStep({});
    await screen.findByRole('button', { name: 'Choose Team' });
    expect(asked(api)).toBe(0);
    await user.click(screen.getByRole('button', { name: 'Choose Team' }));
    expect(await screen.findByRole('option', { name: /Refunds/, hidden: true })).toBeTruthy();
    expect(api.last('POST /connections/con_1/choices').body).toEqual({
      form: { kind: 'action', id: 'tickets.open' },
      field: 'team',
      given: {},
    });
    expect(screen.getByText('From Test desk in dev')).toBeTruthy();
    expect(await breaches(document.body)).toEqual([]);
    await user.type(screen.getByRole('textbox', { name: 'Search Team' }), 'ship');
    expect(screen.queryByRole('option', { name: /Refunds/, hidden: true })).toBeNull();
    await user.keyboard('{Enter}');
    expect(drawnNow()).toMatchObject({ input: { team: 't2' } });
    await user.click(screen.getByRole('button', { name: 'Choose Team' }));
    await screen.findByRole('option', { name: /Refunds/, hidden: true });
    expect(asked(api), 'what was listed just now is not asked for again').toBe(1);
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    await expect.poll(() => asked(api)).toBe(2);
  });

  it('that depend on another field wait for it, and free text stands meanwhile', async () => {
    const { api, user, drawnNow } = openStep({});
    await user.click(await screen.findByRole('button', { name: 'Choose Queue' }));
    expect(await screen.findByText('Write out Team first: the choices depend on it.')).toBeTruthy();
    expect(asked(api)).toBe(0);
    await user.keyboard('{Escape}');
    await user.type(screen.getByRole('textbox', { name: 'Queue' }), 'q7');
    expect(drawnNow()).toMatchObject({ input: { queue: 'q7' } });
  });

  it('are asked with what the form says', async () => {
    const { api, user } = openStep({ team: 't1' });
    await user.click(await screen.findByRole('button', { name: 'Choose Queue' }));
    await screen.findByRole('option', { name: /Refunds/, hidden: true });
    expect(api.last('POST /connections/con_1/choices').body).toMatchObject({ field: 'queue', given: { team: 't1' } });
  });

  it('say why the service gave none', async () => {
    const { user } = openStep(
      {},
      { 'POST /connections/con_1/choices': () => aProblem(422, 'connection.no_choices', 'Desk refused the token.') },
    );
    await user.click(await screen.findByRole('button', { name: 'Choose Team' }));
    expect((await screen.findByText(/Desk refused the token/)).textContent).toContain('You can type the value.');
  });

  it('need a connection where drafts are tried, and a value that is written out', async () => {
    const { api, user } = openStep({ queue: { $: 'trigger.body.queue' } }, { 'GET /connections': aPage([]) });
    await user.click(await screen.findByRole('button', { name: 'Choose Team' }));
    expect(await screen.findByText(/No connection of it where drafts are tried/)).toBeTruthy();
    expect(asked(api)).toBe(0);
    const queue = screen.getByRole('radiogroup', { name: 'How Queue is given' });
    expect(within(queue).getByRole('radio', { checked: true }).textContent).toBe('ƒ');
    expect(screen.queryByRole('button', { name: 'Choose Queue' })).toBeNull();
  });
});
