import { screen, waitFor, within } from '@testing-library/react';
import type { View } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { aMe } from '../../../test/factories.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const view: View = {
  id: 'viw_1',
  screen: 'runs',
  name: 'Failed lately',
  search: { status: 'failed', since: '24h' },
  isShared: true,
  madeBy: { id: 'mem_lena', name: 'Lena Brandt' },
  madeAt: '2026-11-20T13:26:44.018Z',
  mayRemove: true,
};
const own: View = { ...view, id: 'viw_2', name: 'Mine', search: { q: '7' }, isShared: false };
const elsewhere: View = { ...view, id: 'viw_3', screen: 'inbox', name: 'Refused' };
const items = { items: [view, own, elsewhere] };

/** jsdom has no layout: sooner or later a menu takes its button for scrolled away, and hides. */
const named = (name: string) => ({ name, hidden: true });

describe('saved views', () => {
  it('open as an address, and say which one is open', async () => {
    const { router, user } = renderApp('/runs', { 'GET /views': items });
    await user.click(await screen.findByRole('button', { name: /View\s*none/ }));
    const item = await screen.findByRole('menuitem', named('Failed lately'));
    expect(screen.queryByRole('menuitem', named('Refused'))).toBeNull();
    await user.click(item);
    await waitFor(() => expect(router.state.location.search).toEqual({ status: 'failed', since: '24h' }));
    expect(await screen.findByRole('button', { name: /View\s*Failed lately/ })).toBeTruthy();
  });

  it('keep the filters that are set, but for a business key', async () => {
    const { api, user } = renderApp('/runs?status=failed&key=order%207', { 'GET /views': items, 'POST /views': own });
    await user.click(await screen.findByRole('button', { name: /View\s*none/ }));
    await user.click(await screen.findByRole('menuitem', named('Save or remove a view')));
    const dialog = within(await screen.findByRole('dialog', { name: 'Saved views' }));
    await user.type(dialog.getByRole('textbox'), 'Failed payments');
    await user.click(dialog.getByRole('checkbox', { name: 'For everybody in the workspace' }));
    expect(await breaches()).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(api.last('POST /views').body).toEqual({
        screen: 'runs',
        name: 'Failed payments',
        search: { status: 'failed' },
        isShared: true,
      }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('are removed, and kept for everybody by few', async () => {
    const { api, user } = renderApp('/inbox?status=refused', {
      'GET /auth/me': aMe({ permissions: ['inbox.read', 'flows.read'] }),
      'GET /inbox': { items: [], next: null, searchedTo: null },
      'GET /views': items,
      'DELETE /views/viw_3': {},
    });
    await user.click(await screen.findByRole('button', { name: /View\s*none/ }));
    await user.click(await screen.findByRole('menuitem', named('Save or remove a view')));
    const dialog = within(await screen.findByRole('dialog', { name: 'Saved views' }));
    expect(dialog.queryByRole('checkbox')).toBeNull();
    await user.click(dialog.getByRole('button', { name: 'Remove Refused' }));
    await waitFor(() => expect(api.last('DELETE /views/viw_3')).toBeTruthy());
  });
});
