import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { aMember, anEntry } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { renderApp } from '../../../test/render-app.js';

it.each([
  ['Who', 'Mira Soto', { actor: 'mem_mira' }],
  ['What', 'Who saw a value', { action: 'run.field_revealed' }],
  ['Connection', 'HubSpot EU main', { subject: 'con_1' }],
  ['Environment', 'staging', { environment: 'staging' }],
])('the log is searched by %s: %s', { timeout: 20_000 }, async (name, choice, asked) => {
  const { api, user } = renderApp('/audit?run=run_1', {
    'GET /audit': aPage([anEntry()]),
    'GET /members': aPage([aMember({ id: 'mem_mira', name: 'Mira Soto' })]),
  });
  await screen.findByRole('grid', { name: 'Log entries' }, { timeout: 8000 });
  await user.click(await screen.findByRole('button', { name: new RegExp(`^${name}\\sall`) }));
  await user.click(await screen.findByRole('menuitem', { name: choice, hidden: true }, { timeout: 8000 }));
  await waitFor(() =>
    expect(Object.fromEntries(api.last('GET /audit').query)).toMatchObject({ ...asked, run: 'run_1' }),
  );
  expect(await screen.findByRole('button', { name: new RegExp(`^${name}\\s${choice}`) })).toBeTruthy();
});

it('who saw one field is asked by its name', { timeout: 20_000 }, async () => {
  const { api, user } = renderApp('/audit?action=run.field_revealed', { 'GET /audit': aPage([anEntry()]) });
  await user.type(await screen.findByRole('textbox', { name: 'Who, what, which' }), 'input.email');
  await waitFor(() =>
    expect(Object.fromEntries(api.last('GET /audit').query)).toMatchObject({
      action: 'run.field_revealed',
      q: 'input.email',
    }),
  );
});
