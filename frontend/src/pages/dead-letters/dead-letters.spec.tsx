import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aMe, aRun } from '../../../test/factories.js';
import { aPage, aProblem } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const error = { code: 'unavailable', message: 'Not now', step: 'receipt' };
const dead = aRun({ status: 'failed', error, letter: 'open' });
const closed = aRun({
  status: 'failed',
  error,
  letter: 'closed',
  closed: { at: '2026-11-21T09:00:00.000Z', by: { id: 'mem_jonas', name: 'Jonas Okafor' }, reason: 'Sent by hand' },
});

describe('dead letters', () => {
  it('are counted beside the navigation, with what is the reader’s', async () => {
    renderApp('/flows', { 'GET /dead-letters': { open: 1000, mine: 12, isMore: true } });
    const navigation = within(await screen.findByRole('navigation', { name: 'Main' }));
    const link = await navigation.findByRole('link', { name: /^Dead letters\s*1,000\+\s*open, 12 of flows of yours$/ });
    expect(link.getAttribute('href')).toBe('/dead-letters');
  });

  it('say whose they are and why, and one is closed with a reason', async () => {
    const { api, user } = renderApp('/dead-letters?owner=mem_jonas&error=unavailable', {
      'GET /runs': aPage([dead]),
      'POST /runs/run_1/close': closed,
    });
    const table = within(await screen.findByRole('grid', { name: 'Dead letters' }));
    expect(table.getByText('receipt: Not now')).toBeTruthy();
    expect(table.getByText('Lena Brandt')).toBeTruthy();
    expect(Object.fromEntries(api.last('GET /runs').query)).toMatchObject({
      letter: 'open',
      owner: 'mem_jonas',
      error: 'unavailable',
    });
    await user.click(table.getByRole('button', { name: 'Close' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Close this dead letter' }));
    expect(dialog.getByRole('button', { name: 'Close it' })).toHaveProperty('disabled', true);
    await user.type(dialog.getByRole('textbox'), 'Sent by hand');
    await user.click(dialog.getByRole('button', { name: 'Close it' }));
    await waitFor(() => expect(api.last('POST /runs/run_1/close').body).toEqual({ reason: 'Sent by hand' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(await breaches()).toEqual([]);
  });

  it('are closed all, a thousand a request, and tried again all', async () => {
    let left = 2;
    const { api, user } = renderApp('/dead-letters?environment=production&flow=flw_1', {
      'GET /runs': aPage([dead]),
      'GET /bulk-retries': aPage([]),
      'POST /dead-letters/close': () => ({ body: { changed: 1000, isMore: (left -= 1) > 0 } }),
      'POST /bulk-retries': () => aProblem(409, 'flow.stopped', 'This flow is stopped.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Close all' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Close every dead letter that matches' }));
    await user.type(dialog.getByRole('textbox'), 'An outage');
    await user.click(dialog.getByRole('button', { name: 'Close them' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const sent = api.sent.filter(({ path }) => path === '/dead-letters/close').map(({ body }) => body);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[0]).toMatchObject({
      environment: 'production',
      filter: { flow: 'flw_1', to: expect.any(String) },
      reason: 'An outage',
    });
    await user.click(screen.getByRole('button', { name: 'Retry all' }));
    const retry = within(await screen.findByRole('dialog', { name: 'Retry every dead letter that matches' }));
    await user.click(retry.getByRole('button', { name: 'Retry them' }));
    expect(await retry.findByText('This flow is stopped.')).toBeTruthy();
    expect(api.last('POST /bulk-retries').body).toMatchObject({ filter: { letter: 'open', flow: 'flw_1' } });
  });

  it('that were closed say by whom and why, and are opened again', async () => {
    const { api, user } = renderApp('/dead-letters?show=closed', {
      'GET /runs': aPage([closed]),
      'POST /runs/run_1/reopen': dead,
    });
    expect(await screen.findByText(/Sent by hand/)).toBeTruthy();
    expect(api.last('GET /runs').query.get('letter')).toBe('closed');
    await user.click(screen.getByRole('button', { name: 'Open again' }));
    await waitFor(() => expect(api.last('POST /runs/run_1/reopen')).toBeTruthy());
    expect(await breaches()).toEqual([]);
  });

  it('offer nothing to who may only read', async () => {
    renderApp('/dead-letters', {
      'GET /auth/me': aMe({ permissions: ['runs.read', 'flows.read'] }),
      'GET /runs': aPage([dead]),
    });
    await screen.findByRole('grid', { name: 'Dead letters' });
    expect(screen.queryByRole('button', { name: /Close|Retry/ })).toBeNull();
  });

  it('are explained where there are none', async () => {
    renderApp('/dead-letters');
    expect(await screen.findByRole('heading', { name: 'No dead letters' })).toBeTruthy();
  });
});
