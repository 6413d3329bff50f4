import { MantineProvider } from '@mantine/core';
import {
  declareConnector,
  deliveryLimits,
  eventChoice,
  describeConnector,
  missedChoices,
  type Connector,
} from '@sluice/shared/connector';
import { findStep } from '@sluice/shared/flow';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aFlow as aDocument } from '../../../../shared/test/a-flow.js';
import { fakeApi } from '../../../test/fake-api.js';
import { breaches } from '../../../test/render-app.js';
import { createQueryClient } from '../../api/query-client.js';
import { EditorProvider } from '../store/editor-context.js';
import { createEditorStore } from '../store/editor-store.js';
import { samplesOf } from '../store/samples.js';
import { FlowIdProvider } from '../store/flow-id.js';
import { StepPanel } from './StepPanel.js';

const connector = (id: string) =>
  declareConnector({
    id,
    title: id,
    description: 'Begins',
    icon: { name: 'webhook', color: '#000000' },
    auth: ['none'],
    config: z.strictObject({}),
    hosts: [],
    scopes: {},
  });
const more = { title: 'Begins', description: 'Begins a run', scopes: [], event: z.unknown(), sample: {} };
const [schedule, webhook] = [connector('schedule'), connector('webhook')];
const due = schedule.trigger({
  ...more,
  scheme: 'schedule',
  params: z.strictObject({
    pattern: z.string().default('0 7 * * *'),
    timeZone: z.string().default('UTC'),
    missed: z.enum(missedChoices).default('once'),
    mostMissed: z.int().default(10),
  }),
});
const received = webhook.trigger({ ...more, scheme: 'hmac', params: z.strictObject(deliveryLimits) });

function openTrigger(built: Connector, trigger: string, config: object = {}) {
  const api = fakeApi({
    'GET /flows/flw_1/endpoints': { items: [] },
    'GET /schedules/preview': ({ query }) => ({
      body: query.get('pattern')?.endsWith('*')
        ? { times: ['2026-11-21T06:00:00.000Z'], problem: null }
        : { times: [], problem: 'a pattern has five fields' },
    }),
  });
  const document = aDocument({
    steps: [{ id: 'begin', kind: 'trigger', connector: built.base.id, trigger, config }],
    edges: [],
  });
  const store = createEditorStore({ document, catalogue: { [built.base.id]: describeConnector(built) } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <EditorProvider store={store}>
          <FlowIdProvider value="flw_1">
            <StepPanel stepId="begin" onClose={() => undefined} />
          </FlowIdProvider>
        </EditorProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { api, user: userEvent.setup(), drawnNow: () => findStep(store.getState().document, 'begin') };
}

describe('a trigger with events to choose', () => {
  const paid = { order: 7 };
  const chosen = webhook.trigger({
    ...more,
    scheme: 'hmac',
    params: z.strictObject(eventChoice(['order.made', 'order.paid'])),
    events: { kindOf: () => null, samples: { 'order.paid': paid } },
  });

  it('lists them, keeps several, and shows the sample of the first that has one', async () => {
    const { user, drawnNow } = openTrigger(webhook.build({ actions: {}, triggers: { chosen } }), 'chosen');
    screen.getByText(/any other is acknowledged/);
    const events = screen.getByRole('combobox', { name: 'Events' });
    for (const name of ['order.made', 'order.paid']) {
      await user.click(events);
      await user.click(await screen.findByRole('option', { name, hidden: true }));
    }
    expect(drawnNow()).toMatchObject({ config: { events: ['order.made', 'order.paid'] } });
    expect(screen.getAllByText('order.made').length).toBeGreaterThan(0);
  });

  it('gives the flow the sample of what was chosen', () => {
    const catalogue = { webhook: describeConnector(webhook.build({ actions: {}, triggers: { chosen } })) };
    const bodyOf = (config: object) => {
      const step = { id: 'begin', kind: 'trigger', connector: 'webhook', trigger: 'chosen', config };
      return samplesOf(aDocument({ steps: [step], edges: [] }), catalogue).scope.trigger;
    };
    expect(bodyOf({ events: ['order.made', 'order.paid'] })).toMatchObject({ body: paid });
    expect(bodyOf({ events: ['order.made'] })).toMatchObject({ body: {} });
  });
});

describe('the form of a schedule', () => {
  it('shows the times to come while the pattern is written, and no address', async () => {
    const { api, user } = openTrigger(schedule.build({ actions: {}, triggers: { due } }), 'due');
    const part = screen.getByRole('region', { name: 'The next ten times' });
    expect(await within(part).findByText('Sat, 21 Nov 2026, 06:00')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Addresses' })).toBeNull();

    await user.type(screen.getByRole('textbox', { name: 'Pattern' }), ' 1');
    expect(await within(part).findByText('None yet: a pattern has five fields.')).toBeTruthy();
    expect(within(part).queryByText('Sat, 21 Nov 2026, 06:00')).toBeNull();
    // Not at each letter.
    expect(api.sent.filter(({ path }) => path === '/schedules/preview').length).toBeLessThan(4);
    expect(await breaches()).toEqual([]);
  });

  it('asks for the most of missed times only where all of them count', () => {
    openTrigger(schedule.build({ actions: {}, triggers: { due } }), 'due', { missed: 'all' });
    expect(screen.getByRole('textbox', { name: 'Most missed' })).toBeTruthy();
  });
});

describe('the form of a webhook', () => {
  it('takes who may send, how much and how often, and keeps its addresses', async () => {
    const { user, drawnNow } = openTrigger(webhook.build({ actions: {}, triggers: { received } }), 'received');
    expect(screen.queryByRole('textbox', { name: 'Most missed' })).toBeNull();
    await user.type(
      screen.getByLabelText('Sender addresses', { selector: 'input' }),
      '203.0.113.0/24{Enter}2001:db8::/32{Enter}',
    );
    await user.type(screen.getByRole('textbox', { name: 'Most bytes' }), '2000');
    await user.type(screen.getByRole('textbox', { name: 'Most a minute' }), '60');
    await waitFor(() =>
      expect(drawnNow()).toMatchObject({
        config: { addresses: ['203.0.113.0/24', '2001:db8::/32'], mostBytes: 2000, perMinute: 60 },
      }),
    );
    expect(screen.getByRole('region', { name: 'Addresses' })).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });
});
