import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aRun, aWholeRun, aStep } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const paid = aStep({ id: 'paid', name: 'Payment', output: { amount: 1200 } });
const contact = aStep();
const steps = [{ ...paid, status: 'failed' as const, output: { amount: 1300 } }, contact];
const failed = aWholeRun({ id: 'run_2', status: 'failed', steps });
const good = aWholeRun({ id: 'run_1', steps: [paid, contact] });

describe('comparing two runs', () => {
  it('takes the last one that ended well, and shows what differs', async () => {
    const { api, user } = renderApp('/runs/run_2/compare', {
      'GET /runs': ({ query }) => ({
        body: aPage([query.get('status') === 'succeeded' ? aRun() : aRun({ id: 'run_0', status: 'failed' })]),
      }),
      'GET /runs/run_1': good,
      'GET /runs/run_2': failed,
    });
    expect(await screen.findByRole('heading', { name: '1 step of 2 differ' })).toBeDefined();
    const step = within(screen.getByRole('region', { name: 'Payment' }));
    expect(step.getByRole('row', { name: 'output.amount 1300 1200' })).toBeDefined();
    expect(screen.queryByRole('region', { name: 'Upsert contact' })).toBeNull();
    const befores = api.sent.filter(({ path, query }) => path === '/runs' && query.get('to') === failed.startedAt);
    expect(befores).toHaveLength(2);

    await user.click(screen.getByRole('switch', { name: 'Show what is the same' }));
    expect(screen.getByRole('region', { name: 'Upsert contact' })).toBeDefined();
    expect(await breaches()).toEqual([]);
  });

  it('keeps the run that was chosen in the address', async () => {
    const { router } = renderApp('/runs/run_2/compare?with=run_1', {
      'GET /runs/run_1': good,
      'GET /runs/run_2': failed,
    });
    await screen.findByRole('heading', { name: '1 step of 2 differ' });
    expect(router.state.location.search).toEqual({ with: 'run_1' });
  });

  it('says when there is none', async () => {
    renderApp('/runs/run_2/compare', { 'GET /runs': aPage([]), 'GET /runs/run_2': failed });
    expect(await screen.findByText('No run to compare with')).toBeDefined();
  });
});
