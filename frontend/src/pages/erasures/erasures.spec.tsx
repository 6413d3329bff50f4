import type { Erasure, ErasureFinding } from '@sluice/shared/api';
import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { aMe } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';
import { placeWords } from './place-words.js';

const at = '2026-11-20T13:26:44.018Z';
/** With a second factor that is fresh. */
const fresh = () => aMe({ steppedUpUntil: new Date(Date.now() + 300_000).toISOString() });
const found: Erasure = {
  id: 'ers_1',
  environment: 'production',
  from: '2026-08-22T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
  reason: 'Ticket 4711',
  status: 'found',
  total: 40,
  looked: 40,
  found: 2,
  erased: 0,
  open: 0,
  by: { id: 'mbr_1', name: 'Lena' },
  confirmedBy: null,
  startedAt: at,
  endedAt: at,
};
const finding: ErasureFinding = {
  kind: 'run',
  id: 'run_1',
  flow: { id: 'flw_1', name: 'Payment to CRM' },
  places: ['event', 'step clean', 'step mail', 'business key'],
  at,
  erasedAt: null,
  isOpen: false,
};
const findings = [finding, { ...finding, kind: 'state' as const, id: 'hash', places: ['value'] }];

it('shows where it stands, and erases as much as was seen, with a reason', async () => {
  const { api, user } = renderApp('/audit/erasures?open=ers_1', {
    'GET /auth/me': fresh(),
    'GET /erasures/ers_1': found,
    'GET /erasures/ers_1/findings': aPage(findings),
    'POST /erasures/ers_1/erase': { ...found, status: 'erasing' },
  });
  expect(await screen.findByText('What came in, business key, steps clean and mail')).toBeTruthy();
  expect(screen.getByText('It stands in 2 places')).toBeTruthy();
  expect(await breaches()).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'Erase' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Erase what 2 places hold' }));
  await user.type(dialog.getByLabelText('Reason, kept in the log'), 'Agreed');
  await user.click(dialog.getByRole('button', { name: 'Erase 2 places' }));
  await waitFor(() => expect(api.last('POST /erasures/ers_1/erase').body).toEqual({ found: 2, reason: 'Agreed' }));
});

it('looks for a value over whole days', async () => {
  const { api, user } = renderApp('/audit/erasures', {
    'GET /auth/me': fresh(),
    'GET /erasures': aPage([]),
    'POST /erasures': found,
    'GET /erasures/ers_1': found,
    'GET /erasures/ers_1/findings': aPage(findings),
  });
  await screen.findByText('Nobody’s data was looked for yet');
  await user.click(screen.getAllByRole('button', { name: 'Look for a person' })[0] as HTMLElement);
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByLabelText('What to look for'), ' ada@example.com ');
  await user.click(dialog.getByRole('button', { name: 'Look for it' }));
  const confirm = within(await screen.findByRole('dialog', { name: 'Open what is kept and look' }));
  await user.type(await confirm.findByLabelText('Reason, kept in the log'), 'Ticket');
  await user.click(confirm.getByRole('button', { name: 'Look for it' }));
  await waitFor(() =>
    expect(api.last('POST /erasures').body).toMatchObject({
      value: 'ada@example.com',
      reason: 'Ticket',
      from: expect.stringMatching(/T00:00:00.000Z$/),
      to: expect.stringMatching(/T00:00:00.000Z$/),
    }),
  );
  expect(await screen.findByText('Ticket 4711')).toBeTruthy();
});

it('says what is left, and offers the rest', async () => {
  renderApp('/audit/erasures?open=ers_1', {
    'GET /erasures/ers_1': { ...found, status: 'done', erased: 1, open: 1 },
    'GET /erasures/ers_1/findings': aPage([
      { ...finding, erasedAt: at },
      { ...finding, id: 'run_2', isOpen: true },
    ]),
  });
  expect(await screen.findByText('1 place erased, 1 left')).toBeTruthy();
  expect(await screen.findByText('Goes on')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Erase' })).toBeTruthy();
});

it('is not offered to whoever may not erase', async () => {
  renderApp('/audit', { 'GET /auth/me': aMe({ permissions: ['audit.read'] }), 'GET /audit': aPage([]) });
  expect(await screen.findByText('No entry matches')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'Erase data' })).toBeNull();
});

it('puts places into words', () => {
  expect(placeWords(['step pay'])).toBe('Step pay');
  expect(placeWords(['event', 'step a', 'step b', 'step c', 'step d', 'step e'])).toBe(
    'What came in, steps a, b, c, d and 1 more',
  );
});
