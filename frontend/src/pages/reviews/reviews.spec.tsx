import type { AccessReview, Review } from '@sluice/shared/api';
import { screen, waitFor, within } from '@testing-library/react';
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

const access: AccessReview = {
  member: {
    id: 'mbr_2',
    email: 'noor@example.com',
    name: 'Noor',
    roles: ['operator'],
    environmentRoles: { production: ['approver'] },
    status: 'active',
    secondFactor: true,
    lastSeenAt: null,
  },
  tokens: [{ id: 'tok_1', name: 'Reports', lastUsedAt: null }],
  seen: '9f86d081884c7d65',
  reviewed: null,
  due: 'never',
};

it('lists what members may do, those to look at first, and signs for what was seen', async () => {
  const me = aMe({ steppedUpUntil: '2999-01-01T00:00:00.000Z' });
  const looked = {
    ...access,
    member: { ...access.member, id: me.id, name: 'Mira' },
    reviewed: { by: { id: 'mbr_2', name: 'Noor' }, at: '2026-10-01T09:00:00.000Z', note: null },
    due: null,
  };
  const { api, user } = renderApp('/reviews?view=access', {
    'GET /auth/me': me,
    'GET /access-reviews': aPage([looked, access]),
    'POST /access-reviews': { ...access, due: null },
  });
  expect(await screen.findByText('1 member to look at')).toBeTruthy();
  const rows = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
  expect(rows[0]).toContain('operator, approver in production');
  expect(rows[0]).toContain('1 API token: Reports');
  expect(rows[0]).toContain('Nobody has looked at it yet');
  expect(await breaches()).toEqual([]);
  const [sign, own] = screen.getAllByRole<HTMLButtonElement>('button', { name: 'Sign' });
  expect(own?.disabled).toBe(true);
  if (sign) await user.click(sign);
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByLabelText(/^Why it is right/), 'Still answers for runs');
  await user.click(dialog.getByRole('button', { name: 'Sign' }));
  await waitFor(() =>
    expect(api.last('POST /access-reviews').body).toEqual({
      member: 'mbr_2',
      seen: '9f86d081884c7d65',
      note: 'Still answers for runs',
    }),
  );
});

it('shows the access of members to nobody who may not read the log', async () => {
  renderApp('/reviews?view=access', {
    'GET /auth/me': aMe({ roles: ['viewer'], permissions: ['grants.read', 'flows.read'] }),
    'GET /reviews': aPage([]),
  });
  expect(await screen.findByText('All that is granted is used')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Access of members' })).toBeNull();
});
