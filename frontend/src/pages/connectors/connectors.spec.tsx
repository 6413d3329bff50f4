import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aConnector } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const sheets = aConnector({
  id: 'google-sheets',
  title: 'Google Sheets',
  category: 'work',
  docs: 'https://developers.google.com/workspace/sheets',
  setup: ['Share the spreadsheet with the account.'],
  hosts: ['sheets.googleapis.com'],
  limits: { callsPerSecond: 1, burst: 60, says: '60 reads a minute.' },
  scopes: { 'values.clear': { title: 'Clear ranges', risk: 'delete', vendor: ['spreadsheets'] } },
  actions: aConnector().actions.map((action) => ({ ...action, scopes: ['values.clear'], title: 'Clear a range' })),
});

describe('the catalogue', () => {
  it('is searched by what services do, and filtered by category', async () => {
    const { user } = renderApp('/connectors', { 'GET /connectors': aPage([aConnector(), sheets]) });
    await user.type(await screen.findByLabelText('Service'), 'clear a');
    await waitFor(() => expect(screen.queryByText('HubSpot')).toBeNull());
    expect(screen.getByText('Google Sheets')).toBeTruthy();
    await user.clear(screen.getByLabelText('Service'));
    await user.click(screen.getByRole('button', { name: /Category/ }));
    await user.click(await screen.findByRole('menuitem', { name: 'CRM' }));
    await waitFor(() => expect(screen.queryByText('Google Sheets')).toBeNull());
    expect(screen.getByText('HubSpot')).toBeTruthy();
  });

  it('says of one service how it is set up, what it may do in plain words, and how fast', async () => {
    renderApp('/connectors?open=google-sheets', { 'GET /connectors': aPage([sheets]) });
    const panel = await screen.findByRole('complementary', { name: 'Google Sheets' });
    for (const text of ['Share the spreadsheet with the account.', 'Clear ranges', 'sheets.googleapis.com'])
      expect(within(panel).getByText(text)).toBeTruthy();
    expect(panel.textContent).toContain('deletes; values.clear, at the vendor spreadsheets');
    expect(panel.textContent).toContain('1 call a second, 60 at once. 60 reads a minute.');
    expect(
      within(panel)
        .getByRole('link', { name: /reference/ })
        .getAttribute('href'),
    ).toBe(sheets.docs);
    expect(await breaches()).toEqual([]);
  });
});

it('what was said of the actions of one document is not said of the next', async () => {
  const { user, api } = renderApp('/connectors', {
    'GET /connectors': aPage([aConnector()]),
    'POST /connectors/import': {
      id: 'api-shop',
      version: 'sha256:1',
      connector: aConnector(),
      origin: 'https://api.example.com',
      oauth: null,
      replaces: null,
      changes: null,
      isStored: false,
      title: 'Shop',
      documentVersion: '1',
      operations: 1,
      actions: 1,
      leftOut: [],
      warnings: [],
    },
  });
  await user.click(await screen.findByRole('button', { name: 'Import an API' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByLabelText('Or its text'), 'openapi: 3.1.0');
  await user.click(dialog.getByRole('button', { name: 'Read it' }));
  await user.click(await dialog.findByRole('combobox', { name: 'Effect of Create or change a contact' }));
  await user.click(await screen.findByRole('option', { name: 'never repeated by itself', hidden: true }));
  await waitFor(() =>
    expect(api.last('POST /connectors/import').body).toMatchObject({ effects: { 'contacts.upsert': 'unsafe' } }),
  );
  await user.click(dialog.getByRole('button', { name: 'Back' }));
  await user.type(dialog.getByLabelText('Or its text'), '1');
  await user.click(dialog.getByRole('button', { name: 'Read it' }));
  await waitFor(() =>
    expect(api.last('POST /connectors/import').body).toEqual({ openapi: 'openapi: 3.1.01', dryRun: true }),
  );
  await user.click(dialog.getByRole('button', { name: 'Back' }));
  await user.clear(dialog.getByLabelText('Or its text'));
  await user.type(dialog.getByLabelText('Or its address'), 'https://x.io/a');
  await user.click(dialog.getByRole('button', { name: 'Read it' }));
  await waitFor(() =>
    expect(api.last('POST /connectors/import').body).toEqual({ url: 'https://x.io/a', dryRun: true }),
  );
});
