import type { Token } from '@sluice/shared/api';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aMe } from '../../../test/factories.js';
import { aPage, aProblem } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();

function aToken(over: Partial<Token> = {}): Token {
  return {
    id: 'tok_1',
    name: 'Deploys from CI',
    prefix: 'slc_9fQz',
    permissions: ['flows.read', 'flows.deploy'],
    environments: ['dev'],
    cidrs: ['203.0.113.0/24'],
    owner: { id: 'mem_jonas', name: 'Jonas Okafor' },
    status: 'active',
    createdAt: inDays(-10),
    expiresAt: inDays(80),
    revokedAt: null,
    lastUsedAt: inDays(-1),
    lastUsedFrom: '203.0.113.7',
    ...over,
  };
}
const freshMe = () => aMe({ steppedUpUntil: new Date(Date.now() + 240_000).toISOString() });

describe('API tokens', () => {
  it('say what they are where there are none, and what to do', async () => {
    renderApp('/settings', { 'GET /tokens': aPage([]) });
    expect(await screen.findByText('No API tokens yet')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'New token' })).toHaveLength(1);
    expect(await breaches()).toEqual([]);
  });

  it('stand with what they may do, where, from where, and how they are', async () => {
    renderApp('/settings', {
      'GET /tokens': aPage([
        aToken(),
        aToken({ id: 'tok_2', name: 'Soon over', expiresAt: inDays(3), lastUsedAt: null, lastUsedFrom: null }),
        aToken({ id: 'tok_3', name: 'Over', status: 'expired', expiresAt: inDays(-3) }),
        aToken({ id: 'tok_4', name: 'Ended', status: 'revoked', revokedAt: inDays(-2) }),
        aToken({ id: 'tok_5', name: 'Of Lena', status: 'asleep', owner: { id: 'mem_lena', name: 'Lena Brandt' } }),
      ]),
    });
    const row = async (name: string) => within((await screen.findByText(name)).closest('li') ?? document.body);
    const first = await row('Deploys from CI');
    expect(first.getByText('slc_9fQz…')).toBeTruthy();
    expect(first.getByText('flows.read, flows.deploy, in dev, from 203.0.113.0/24')).toBeTruthy();
    expect(first.getByText('Active')).toBeTruthy();
    expect((await row('Soon over')).getByText('Due soon')).toBeTruthy();
    expect((await row('Soon over')).getByText(/never used/)).toBeTruthy();
    const over = await row('Over');
    expect(over.getByText('Expired')).toBeTruthy();
    expect(over.queryByRole('button')).toBeNull();
    expect((await row('Ended')).getByText('Revoked')).toBeTruthy();
    expect((await row('Of Lena')).getByText(/Lena Brandt, flows.read/)).toBeTruthy();
    expect((await row('Of Lena')).getByText('Member is off')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('are shown once, and stay on the screen until it is said that they were copied', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': freshMe(),
      'GET /tokens': aPage([]),
      'POST /tokens': () => ({ status: 201, body: { ...aToken(), token: 'slc_9fQz-the-whole-token' } }),
    });
    await user.click(await screen.findByRole('button', { name: 'New token' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'New API token' }));
    await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'Deploys from CI');
    await user.click(dialog.getByRole('checkbox', { name: /Deploy versions/ }));
    await user.click(dialog.getByRole('checkbox', { name: 'dev' }));
    await user.type(dialog.getByRole('textbox', { name: 'From where' }), '203.0.113.0/24, 2001:db8::/32');
    expect(dialog.queryByRole('checkbox', { name: /Invite and change members/ })).toBeNull();
    await user.click(dialog.getByRole('button', { name: 'Make the token' }));

    const made = within(await screen.findByRole('dialog', { name: 'Deploys from CI is ready' }));
    expect(made.getByText('slc_9fQz-the-whole-token')).toBeTruthy();
    expect(made.getByRole('button', { name: 'Copy token' })).toBeTruthy();
    expect(api.last('POST /tokens').body).toEqual({
      name: 'Deploys from CI',
      permissions: ['flows.read', 'flows.deploy'],
      environments: ['dev'],
      cidrs: ['203.0.113.0/24', '2001:db8::/32'],
      expiresInDays: 90,
    });
    await user.keyboard('{Escape}');
    expect(made.getByText('slc_9fQz-the-whole-token')).toBeTruthy();
    await user.click(made.getByRole('button', { name: 'I have copied it' }));
    await waitFor(() => expect(screen.queryByText('slc_9fQz-the-whole-token')).toBeNull());
  });

  it('say in place why one was not made', async () => {
    const { user } = renderApp('/settings', {
      'GET /auth/me': freshMe(),
      'GET /tokens': aPage([]),
      'POST /tokens': () => aProblem(409, 'token.too_many', 'You have as many API tokens as one member may have.'),
    });
    await user.click(await screen.findByRole('button', { name: 'New token' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'New API token' }));
    await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'CI');
    await user.click(dialog.getByRole('button', { name: 'Make the token' }));
    expect(await screen.findByText(/as many API tokens/)).toBeTruthy();
  });

  it('are revoked after it was said what that does', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': freshMe(),
      'GET /tokens': aPage([aToken()]),
      'DELETE /tokens/tok_1': () => ({ body: aToken({ status: 'revoked', revokedAt: inDays(0) }) }),
    });
    await user.click(await screen.findByRole('button', { name: 'Revoke Deploys from CI' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Revoke Deploys from CI' }));
    await user.click(dialog.getByRole('button', { name: 'Revoke' }));
    await waitFor(() => expect(api.last('DELETE /tokens/tok_1')).toBeTruthy());
  });
});

describe('roles', () => {
  it('are given in one environment only', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': freshMe(),
      'GET /tokens': aPage([]),
      'POST /members': () => aProblem(409, 'member.email_taken', 'Somebody has this address already.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Invite' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Invite a member' }));
    await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'Mira');
    await user.type(dialog.getByRole('textbox', { name: 'E-mail' }), 'mira@example.com');
    await user.click(dialog.getByRole('checkbox', { name: /^builder/, description: /Draws/ }));
    await user.click(dialog.getByRole('checkbox', { name: 'operator in dev' }));
    await user.click(dialog.getByRole('button', { name: 'Invite' }));
    await waitFor(() =>
      expect(api.last('POST /members').body).toMatchObject({ roles: [], environmentRoles: { dev: ['operator'] } }),
    );
  });
});
