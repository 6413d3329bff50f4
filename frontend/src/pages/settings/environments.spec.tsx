import type { LooserRule } from '@sluice/shared/api';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aMe, aMember, someEnvironments } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

it('lets code steps run in an environment only after it was confirmed as weaker than before', async () => {
  const soon = new Date(Date.now() + 240_000).toISOString();
  const { api, user } = renderApp('/settings', {
    'GET /auth/me': aMe({ steppedUpUntil: soon }),
    'PATCH /environments/env_1': () => ({ body: someEnvironments()[0] }),
  });
  await user.click(await screen.findByRole('switch', { name: 'Code steps may run in dev' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Change the policy of dev' }));
  expect(dialog.getByText(/weaker than before/)).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Change the policy' }));
  await waitFor(() =>
    expect(api.last('PATCH /environments/env_1').body).toEqual({
      policy: { approval: false, production: false, retentionDays: 14, code: true },
    }),
  );
});

it('changes the rules of approval, and says what is weaker than before', async () => {
  const soon = new Date(Date.now() + 240_000).toISOString();
  const { api, user } = renderApp('/settings', {
    'GET /auth/me': aMe({ steppedUpUntil: soon }),
    'PATCH /environments/env_3': () => ({ body: someEnvironments()[2] }),
  });
  expect(await screen.findByText(/Four eyes, two approvers for high risk, new approvers wait 24 hours/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Rules of approval in production' }));
  const form = within(await screen.findByRole('dialog', { name: 'Rules of approval in production' }));
  expect(await breaches()).toEqual([]);
  await user.click(form.getByRole('switch', { name: /Two approvers/ }));
  await user.type(form.getByLabelText('Only these hosts', { selector: 'input' }), '*.example.com{Enter}');
  await user.click(form.getByRole('button', { name: 'Change the rules' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Change the rules of production' }));
  expect(dialog.getByText(/weaker than before: it takes effect once a second person confirms/)).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Ask for the change' }));
  await waitFor(() =>
    expect(api.last('PATCH /environments/env_3').body).toMatchObject({
      policy: { approval: true, fourEyes: true, twoApprovers: false, hosts: ['*.example.com'], webhooks: null },
    }),
  );
});

it('lists the classes of data that flows may send out of an environment, and takes one away after it was confirmed', async () => {
  const soon = new Date(Date.now() + 240_000).toISOString();
  const { api, user } = renderApp('/settings', {
    'GET /auth/me': aMe({ steppedUpUntil: soon }),
    'PATCH /environments/env_1': () => ({ body: someEnvironments()[0] }),
  });
  await user.click(await screen.findByRole('combobox', { name: 'Data that flows may send out of dev' }));
  // Each environment has its own choices; those of dev come first.
  const [secret] = await screen.findAllByRole('option', { name: 'secret', hidden: true });
  if (secret === undefined) throw new Error('No such choice');
  await user.click(secret);
  const dialog = within(await screen.findByRole('dialog', { name: 'Change the policy of dev' }));
  expect(dialog.queryByText(/weaker than before/)).toBeNull();
  await user.click(dialog.getByRole('button', { name: 'Change the policy' }));
  await waitFor(() =>
    expect(api.last('PATCH /environments/env_1').body).toMatchObject({
      policy: { classes: ['public', 'internal', 'personal', 'payment', 'health'] },
    }),
  );
});

it('narrows what runs mask outside production, says who sees what then, and keeps production as it is', async () => {
  const soon = new Date(Date.now() + 240_000).toISOString();
  const { api, user } = renderApp('/settings', {
    'GET /auth/me': aMe({ steppedUpUntil: soon }),
    'PATCH /environments/env_1': () => ({ body: someEnvironments()[0] }),
  });
  await user.click(await screen.findByRole('combobox', { name: 'Data that is masked in runs of dev' }));
  // Those that flows may send out stand before it.
  const personal = (await screen.findAllByRole('option', { name: 'personal', hidden: true })).at(1);
  if (personal === undefined) throw new Error('No such choice');
  await user.click(personal);
  const dialog = within(await screen.findByRole('dialog', { name: 'Change the policy of dev' }));
  expect(dialog.getByText(/Everybody who may read runs of dev sees personal data in them as it is/)).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Change the policy' }));
  await waitFor(() =>
    expect(api.last('PATCH /environments/env_1').body).toMatchObject({ policy: { masked: ['payment', 'health'] } }),
  );
  const fixed = screen.getByRole('combobox', { name: 'Data that is masked in runs of production' });
  expect(fixed.hasAttribute('readonly')).toBe(true);
});

describe('a looser policy that waits', () => {
  const by = { id: 'mem_jonas', name: 'Jonas Okafor' };
  const asked = (aloneFrom = '2999-01-01T00:00:00.000Z') => {
    const [dev, staging, production] = someEnvironments();
    if (dev === undefined || staging === undefined || production === undefined) throw new Error('Three are there');
    const policy = { ...production.policy, fourEyes: false, code: true };
    const at = '2026-11-28T09:00:00.000Z';
    const until = '2999-01-01T00:00:00.000Z';
    const looser: LooserRule[] = ['fourEyes', 'code'];
    return aPage([
      dev,
      staging,
      { ...production, proposal: { id: 'pch_1', policy, looser, by, at, aloneFrom, until } },
    ]);
  };
  const mira = {
    id: 'mem_mira',
    name: 'Mira Soto',
    roles: [],
    environmentRoles: { production: ['approver' as const] },
  };
  const steppedUpUntil = '2999-01-01T00:00:00.000Z';
  async function open(user: ReturnType<typeof renderApp>['user']) {
    await user.click(await screen.findByRole('button', { name: 'Rules of approval in production' }));
    return within(await screen.findByRole('dialog', { name: 'Rules of approval in production' }));
  }

  it('shows a second person what would change, and takes the answer', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': aMe({ ...mira, permissions: ['flows.read', 'members.read', 'grants.decide'], steppedUpUntil }),
      'GET /environments': asked(),
      'GET /members': aPage([aMember(), aMember(mira)]),
      'POST /environments/env_3/policy/confirm': () => ({ body: someEnvironments()[2] }),
    });
    expect(await screen.findByText('Jonas Okafor asks to loosen the rules of production')).toBeTruthy();
    const form = await open(user);
    expect(form.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'four eyes → one person may ask and approve',
      'no code steps → code steps may run',
    ]);
    expect(form.queryByRole('button', { name: 'Change the rules' })).toBeNull();
    expect(await breaches()).toEqual([]);
    await user.click(form.getByRole('button', { name: 'Confirm the change' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Loosen the rules of production' }));
    await user.click(dialog.getByRole('button', { name: 'Confirm the change' }));
    await waitFor(() =>
      expect(api.last('POST /environments/env_3/policy/confirm').body).toEqual({ proposal: 'pch_1' }),
    );
  });

  it('tells whoever asked whom it waits for, and lets him withdraw it', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': aMe({ steppedUpUntil }),
      'GET /environments': asked(),
      'GET /members': aPage([aMember(), aMember(mira)]),
      'POST /environments/env_3/policy/refuse': () => ({ body: someEnvironments()[2] }),
    });
    const form = await open(user);
    expect(await form.findByText(/once Mira Soto confirms it/)).toBeTruthy();
    expect(form.queryByRole('button', { name: 'Confirm the change' })).toBeNull();
    await user.click(form.getByRole('button', { name: 'Withdraw' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Withdraw the change' }));
    await user.type(dialog.getByLabelText('Why, kept in the log'), 'Not needed');
    await user.click(dialog.getByRole('button', { name: 'Withdraw' }));
    await waitFor(() =>
      expect(api.last('POST /environments/env_3/policy/refuse').body).toEqual({
        proposal: 'pch_1',
        reason: 'Not needed',
      }),
    );
  });

  it.each([
    ['before', '2999-01-01T00:00:00.000Z', true],
    ['after', '2026-11-20T00:00:00.000Z', false],
  ])('has somebody who is alone wait: %s the delay', async (_when, aloneFrom, isDisabled) => {
    const { user } = renderApp('/settings', {
      'GET /auth/me': aMe({ steppedUpUntil }),
      'GET /environments': asked(aloneFrom),
    });
    const form = await open(user);
    expect(await form.findByText(/Nobody else may decide here: you can confirm it from/)).toBeTruthy();
    const button = form.getByRole<HTMLButtonElement>('button', { name: 'Confirm the change' });
    expect(button.disabled).toBe(isDisabled);
  });
});
