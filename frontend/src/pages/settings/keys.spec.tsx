import { screen, waitFor, within } from '@testing-library/react';
import type { Key, LogKey, RootKey } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { aMe } from '../../../test/factories.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const since = '2026-11-20T13:26:44.018Z';
const root: RootKey = {
  name: 'the file /srv/data/root.key',
  fingerprint: '0123456789abcdef',
  version: '1',
  health: { ok: true, milliseconds: 1 },
  keys: 9,
  keysUnderOlder: 0,
};
const log: LogKey = { key: 'flows.example.com/audit+0a1b2c3d+AQID', since: null, rotations: 0 };
const aKey = (over: Partial<Key> = {}): Key => ({
  purpose: 'secret',
  environment: 'production',
  version: 1,
  since,
  older: [],
  ...over,
});
const soon = () => aMe({ steppedUpUntil: new Date(Date.now() + 240_000).toISOString() });

describe('the keys in the settings', () => {
  it('show versions and ages, how far a rotation is, and break no rule of accessibility', async () => {
    const older = [{ version: 1, since, rows: 1200, rowsLeft: 300 }];
    renderApp('/settings', {
      'GET /keys': {
        root,
        log,
        items: [
          aKey({ version: 2, older }),
          aKey({ purpose: 'payload', version: 2 }),
          aKey({ purpose: 'member', environment: null }),
        ],
      },
    });
    expect(await screen.findByText(/Version 2 for secrets, run data, since/)).toBeTruthy();
    expect(screen.getByText('An old version is still used by 300 rows of 1200.')).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Rotation of production' }).getAttribute('aria-valuenow')).toBe(
      '75',
    );
    expect(screen.getByText(/Version 1 for second factors/)).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('rotate an environment only after it was confirmed', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': soon(),
      'GET /keys': { root, log, items: [aKey()] },
      'POST /keys/rotate': () => ({ body: { items: [] } }),
    });
    await user.click(await screen.findByRole('button', { name: 'Rotate the keys of production' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Rotate the keys of production' }));
    await user.click(dialog.getByRole('button', { name: 'Rotate' }));
    await waitFor(() => expect(api.last('POST /keys/rotate').body).toEqual({ environment: 'production' }));
  });

  it('rotate the log key only after it was confirmed, and say which one signs', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': soon(),
      'GET /keys': { root, log: { ...log, since, rotations: 2 }, items: [] },
      'POST /keys/log/rotate': () => ({ body: { log } }),
    });
    expect((await screen.findByText('0a1b2c3d')).closest('p')?.textContent).toMatch(
      /signs the log since .*, after 2 rotations/,
    );
    await user.click(screen.getByRole('button', { name: 'Rotate the log key' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Rotate the log key' }));
    await user.click(dialog.getByRole('button', { name: 'Rotate' }));
    await waitFor(() => expect(api.last('POST /keys/log/rotate')).toBeDefined());
  });

  it('say what to do when the key service is away', async () => {
    const health = { ok: false, message: 'The key service at https://bao.example.com answered 503.' } as const;
    renderApp('/settings', { 'GET /keys': { root: { ...root, health }, log: null, items: [] } });
    expect(await screen.findByText(health.message)).toBeTruthy();
    expect(screen.getByText(/The key that signs the log can’t be read/)).toBeTruthy();
    expect(screen.getByText(/Nothing is sealed in this workspace yet/)).toBeTruthy();
  });

  it('are not shown to those who may not manage them', async () => {
    renderApp('/settings', { 'GET /auth/me': aMe({ permissions: ['members.read'] }) });
    await screen.findByRole('heading', { name: 'Members' });
    expect(screen.queryByRole('heading', { name: 'Keys' })).toBeNull();
  });
});
