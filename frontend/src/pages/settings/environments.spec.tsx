import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { aMe, someEnvironments } from '../../../test/factories.js';
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
  await user.type(form.getByLabelText('Only these hosts'), '*.example.com{Enter}');
  await user.click(form.getByRole('button', { name: 'Change the rules' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Change the rules of production' }));
  expect(dialog.getByText(/weaker than before/)).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Change the rules' }));
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
