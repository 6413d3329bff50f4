import { noticeKinds } from '@sluice/shared/api';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aMe, aNotice } from '../../../test/factories.js';
import { aPage, aProblem } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const steppedUp = { steppedUpUntil: '2999-01-01T00:00:00.000Z' };
const list = (...items: ReturnType<typeof aNotice>[]) => ({ ...aPage(items), unread: items.length });
const choices = noticeKinds.map((kind) => ({ kind, bell: true, mail: true }));

describe('notices', { timeout: 20_000 }, () => {
  it('say what they are for while there is none, and break no rule of accessibility', async () => {
    renderApp('/notices');

    expect(await screen.findByText('Nothing to tell yet')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('count what is unread in the navigation, and lead to the run', async () => {
    const { api, user, router } = renderApp('/notices', {
      'GET /notices': list(aNotice({ count: 34, title: 'Receipts failed 34 times in production' })),
      'PATCH /notices/ntc_1': aNotice({ readAt: '2026-11-20T14:00:00.000Z' }),
    });

    expect(await screen.findByRole('link', { name: /^Notices\s*1\s*unread/ })).toBeTruthy();
    expect(await breaches()).toEqual([]);
    await user.click(screen.getByRole('link', { name: 'Receipts failed 34 times in production' }));
    expect(api.last('PATCH /notices/ntc_1').body).toEqual({ read: true });
    await waitFor(() => expect(router.state.location.pathname).toBe('/runs/run_1'));
  });

  it('are marked as read one by one and all at once', async () => {
    const { api, user } = renderApp('/notices', {
      'GET /notices': list(aNotice()),
      'PATCH /notices/ntc_1': aNotice(),
      'POST /notices/read': { read: 1 },
    });

    await user.click(await screen.findByRole('button', { name: /Mark as read: Payment/ }));
    await waitFor(() => expect(api.last('PATCH /notices/ntc_1').body).toEqual({ read: true }));
    await user.click(screen.getByRole('button', { name: 'Mark all as read' }));
    await waitFor(() => expect(api.last('POST /notices/read')).toBeTruthy());
  });

  it('say what could not be read', async () => {
    renderApp('/notices', {
      'GET /notices': () => aProblem(500, 'server.failed', 'Something went wrong on our side.'),
    });

    expect(await screen.findByText('Notices could not be read')).toBeTruthy();
  });
});

describe('what one wants to hear of', { timeout: 20_000 }, () => {
  it('is chosen by kind, for the product and for mail', async () => {
    const { api, user } = renderApp('/account', {
      'GET /sessions': aPage([]),
      'GET /notices/preferences': { kinds: choices, mail: true, undelivered: 2 },
      'PUT /notices/preferences': { kinds: choices },
    });

    await user.click(await screen.findByRole('checkbox', { name: 'Runs that fail, by mail' }));
    await waitFor(() =>
      expect(api.last('PUT /notices/preferences').body).toEqual({
        kinds: [{ kind: 'run.failed', bell: true, mail: false }],
      }),
    );
    expect(screen.getByText('2 mails to you could not be delivered')).toBeTruthy();
  });

  it('says that no mail is sent where there is no server for it', async () => {
    renderApp('/account', {
      'GET /sessions': aPage([]),
      'GET /notices/preferences': { kinds: choices, mail: false, undelivered: 0 },
    });

    expect(await screen.findByText('No mail is sent from here')).toBeTruthy();
    expect(screen.getByRole('checkbox', { name: 'Runs that fail, by mail' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('the settings of notices', { timeout: 20_000 }, () => {
  it('set a webhook and show its secret once', async () => {
    const webhook = {
      url: 'https://alerts.example.com/sluice',
      kinds: ['run.failed'],
      version: 1,
      setBy: { id: 'mem_lena', name: 'Lena Brandt' },
      setAt: '2026-11-20T13:00:00.000Z',
    };
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': aMe(steppedUp),
      'PUT /notices/webhook': { webhook, secret: 'whsec_c2VjcmV0' },
    });

    await user.click(await screen.findByRole('button', { name: 'Set' }));
    await user.type(await screen.findByLabelText('Address'), 'https://alerts.example.com/sluice');
    await user.click(screen.getByRole('button', { name: 'Set it' }));
    await waitFor(() =>
      expect(api.last('PUT /notices/webhook').body).toEqual({
        url: 'https://alerts.example.com/sluice',
        kinds: ['run.failed', 'step.in_doubt'],
      }),
    );
    expect(await screen.findByText('whsec_c2VjcmV0')).toBeTruthy();
  });

  it('show what did not arrive, and try it again', async () => {
    const delivery = {
      id: 'dlv_1',
      channel: 'mail',
      member: { id: 'mem_lena', name: 'Lena Brandt' },
      title: 'Receipts failed in production',
      status: 'failed',
      attempts: 8,
      dueAt: null,
      error: 'mail.example.com did not take the mail and answered 421.',
      createdAt: '2026-11-20T13:00:00.000Z',
      endedAt: '2026-11-20T15:00:00.000Z',
    };
    const { api, user } = renderApp('/settings', {
      'GET /notices/deliveries': aPage([delivery]),
      'POST /notices/deliveries/dlv_1/retry': { ...delivery, status: 'due' },
    });

    expect(await screen.findByText(delivery.error)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Try again: Receipts failed in production' }));
    await waitFor(() => expect(api.last('POST /notices/deliveries/dlv_1/retry')).toBeTruthy());
  });

  it.each([
    ['near', 850, '85 % is used'],
    ['full', 1000, 'All of it is used: nothing new is taken'],
  ])('say what happens when the storage is %s', async (state, used, words) => {
    renderApp('/settings', {
      'GET /storage': { used, quota: 1000, state, kept: [{ days: 30, bytes: used }], log: 0 },
    });

    expect(await screen.findByText(words)).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });
});
