import type { Review } from '@sluice/shared/api';
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { aGrant, aMe } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const review: Review = {
  grant: 'grn_1',
  flow: { id: 'flw_1', name: 'Payment to CRM and receipt' },
  version: 13,
  environment: 'production',
  slot: 'crm',
  connector: 'hubspot',
  connection: { id: 'con_1', name: 'HubSpot EU main' },
  days: 90,
  calls: 331_204,
  unused: [{ kind: 'scope', value: 'deals.write', title: 'Create and change deals', risk: 'medium', lastUsedAt: null }],
  smaller: {
    scopes: ['contacts.write'],
    hosts: ['api.hubapi.com'],
    calls: [],
    fields: ['personal:email'],
    replies: [],
  },
  wouldHaveRefused: 0,
  request: null,
};

it('shows what nobody used, that nothing would have been refused, and asks for the smaller grant', async () => {
  const { api, user } = renderApp('/reviews', {
    'GET /reviews': aPage([review]),
    'POST /reviews': { ...aGrant(), id: 'grn_2' },
  });
  expect(await screen.findByText('Create and change deals')).toBeTruthy();
  expect(screen.getByText('331,204 calls in 90 days')).toBeTruthy();
  expect(screen.getByText('0 times')).toBeTruthy();
  expect(await breaches()).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'Ask for the smaller grant' }));
  await waitFor(() => expect(api.last('POST /reviews').body).toEqual({ grant: 'grn_1' }));
});

it('leads to the request that waits, and lets nobody ask who may not', async () => {
  renderApp('/reviews', {
    'GET /auth/me': aMe({ roles: ['auditor'], permissions: ['grants.read', 'flows.read'] }),
    'GET /reviews': aPage([review, { ...review, grant: 'grn_9', request: 'grn_5' }]),
  });
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Ask for the smaller grant' });
  expect(button.disabled).toBe(true);
  const link = screen.getByRole('link', { name: 'The request waits for an approver' });
  expect(link.getAttribute('href')).toContain('grn_5');
});

it('says that all is used', async () => {
  renderApp('/reviews', { 'GET /reviews': aPage([]) });
  expect(await screen.findByText('All that is granted is used')).toBeTruthy();
});
