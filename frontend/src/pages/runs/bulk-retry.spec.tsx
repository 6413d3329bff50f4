import { screen, waitFor, within } from '@testing-library/react';
import type { BulkRetry } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { aMe, anEntry, aRun, someCounts } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const failed = aRun({ status: 'failed', error: { code: 'unavailable', message: 'Not now', step: 'receipt' } });
const retry: BulkRetry = {
  id: 'bkr_1',
  environment: 'production',
  filter: { status: 'failed', error: 'unavailable' },
  from: 'failed',
  version: 'current',
  status: 'running',
  total: 40,
  retried: 9,
  left: 1,
  by: { id: 'mem_lena', name: 'Lena Brandt' },
  startedAt: new Date().toISOString(),
  endedAt: null,
};

describe('retrying every run that matches', () => {
  it('sends the filters of the list, shows how far it is, and stops when asked', async () => {
    const { api, user } = renderApp('/runs?status=failed&environment=production&error=unavailable&key=order%207', {
      'GET /runs': aPage([failed]),
      'GET /bulk-retries': aPage([retry]),
      'POST /bulk-retries': retry,
      'POST /bulk-retries/bkr_1/cancel': { ...retry, status: 'cancelled' },
    });
    expect(await screen.findByRole('textbox', { name: 'Business key, exactly' })).toHaveProperty('value', 'order 7');
    await waitFor(() => expect(api.last('GET /runs').query.get('key')).toBe('order 7'));
    await user.click(await screen.findByRole('button', { name: 'Retry all' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Retry every failed run that matches' }));
    await user.click(dialog.getByRole('radio', { name: 'Current version' }));
    await user.click(dialog.getByRole('button', { name: 'Retry them' }));
    await waitFor(() =>
      expect(api.last('POST /bulk-retries').body).toEqual({
        environment: 'production',
        filter: { status: 'failed', error: 'unavailable', key: 'order 7' },
        from: 'failed',
        version: 'current',
      }),
    );
    expect(await screen.findByText('Retrying 9 of 40 failed runs in production')).toBeTruthy();
    expect(screen.getByText(/1 left for a person/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(api.last('POST /bulk-retries/bkr_1/cancel')).toBeTruthy());
    expect(await breaches()).toEqual([]);
  });

  it('waits for an environment', async () => {
    renderApp('/runs?status=failed', { 'GET /runs': aPage([failed]) });
    expect(await screen.findByRole('button', { name: 'Retry all' })).toHaveProperty('disabled', true);
  });

  it('is not offered to who may only read', async () => {
    renderApp('/runs?status=failed&environment=production', {
      'GET /auth/me': aMe({ permissions: ['runs.read', 'flows.read'] }),
      'GET /runs': aPage([failed]),
    });
    await screen.findByRole('grid', { name: 'Runs' });
    expect(screen.queryByRole('button', { name: 'Retry all' })).toBeNull();
  });
});

it('counts come from the server, over the filters of the list and the span of its chip', async () => {
  const counts = { running: 0, waiting: 1, succeeded: 1200, failed: 60, cancelled: 0, in_doubt: 0 };
  const from = '2026-11-20T13:26:44.018Z';
  const { api } = renderApp('/runs?flow=flw_1&since=7d&key=order%207', {
    'GET /runs': aPage([failed]),
    'GET /run-counts': someCounts({
      slices: [{ from, counts }],
      open: { running: 0, waiting: 3001, in_doubt: 0 },
      took: { half: 1500, most: 61_000 },
    }),
  });
  expect(await screen.findByText('1,261')).toBeTruthy();
  expect(screen.getByText('3,001')).toBeTruthy();
  expect(screen.getByText('4.8 %')).toBeTruthy();
  expect(screen.getByRole('img', { name: '1,261 runs, 60 failed' })).toBeTruthy();
  const { query } = api.last('GET /run-counts');
  expect(Object.fromEntries(query)).toMatchObject({ flow: 'flw_1', key: 'order 7', slices: '90' });
  const days = (Date.now() - Date.parse(query.get('from') ?? '')) / 86_400_000;
  expect(days).toBeGreaterThan(6.99);
  expect(days).toBeLessThan(7.01);
});

it('the log is asked an auditor’s question by its address', async () => {
  const { api } = renderApp('/audit?action=run.field_revealed&since=24h&environment=production', {
    'GET /audit': aPage([anEntry()]),
  });
  await screen.findByRole('grid', { name: 'Log entries' });
  const { query } = api.last('GET /audit');
  expect(Object.fromEntries(query)).toMatchObject({ action: 'run.field_revealed', environment: 'production' });
  expect(Date.now() - Date.parse(query.get('from') ?? '')).toBeLessThan(25 * 3_600_000);
  expect(screen.getByRole('button', { name: /What\sWho saw a value/ })).toBeTruthy();
});
