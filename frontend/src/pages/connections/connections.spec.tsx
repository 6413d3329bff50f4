import type { Connection } from '@sluice/shared/api';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { aConnection, aConnectionDetail, aConnector } from '../../../test/factories.js';
import { aPage, aProblem } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';
import { healthOf } from './connection-health.js';

const steppedUp = { steppedUpUntil: '2999-01-01T00:00:00.000Z' };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const anOAuth = (over: Partial<NonNullable<Connection['oauth']>> = {}) => ({
  status: 'not-authorized' as const,
  approved: ['crm.objects.contacts.read', 'oauth'],
  granted: null,
  expiresAt: null,
  obtainedAt: null,
  needsPerson: true,
  failure: null,
  ...over,
});
const oauthHubspot = aConnector({
  auth: ['bearer', 'oauth2'],
  oauth: { grants: ['authorizationCode'], server: 'vendor', extraScopes: ['oauth'] },
  scopes: {
    'contacts.read': { title: 'Read contacts', risk: 'read', vendor: ['crm.objects.contacts.read'] },
    'contacts.write': { title: 'Create and change contacts', risk: 'write', vendor: ['crm.objects.contacts.write'] },
  },
});

describe('health', () => {
  it.each([
    ['revoked', { status: 'revoked' as const }],
    ['unauthorized', { oauth: anOAuth() }],
    ['failing', { oauth: anOAuth({ status: 'authorize-again' }) }],
    ['failing', { lastError: { at: inDays(0), code: 'service.unauthorized', message: 'It answered 401.' } }],
    ['failing', { lastTest: { at: inDays(0), ok: false, message: 'No.' } }],
    ['overdue', { dueAt: inDays(-1) }],
    ['overdue', { dueAt: inDays(50), expiresAt: inDays(-1) }],
    ['expiring', { dueAt: inDays(13) }],
    ['healthy', { dueAt: inDays(15), lastTest: { at: inDays(0), ok: true, message: 'Yes.' } }],
    ['untested', { dueAt: null, lastTest: null, lastUsedAt: null }],
  ])('is %s with %j', (health, given) => {
    expect(healthOf(aConnection({ dueAt: inDays(90), ...given }))).toBe(health);
  });
});

describe('one connection', { timeout: 20_000 }, () => {
  afterEach(() => window.history.replaceState(null, '', '/'));

  it('shows who set which secret, what used it, and goes back to one that is kept', async () => {
    const { api, user } = renderApp('/connections?open=con_1', {
      'POST /auth/step-up': steppedUp,
      'POST /connections/con_1/roll-back': aConnection({ version: 1 }),
    });
    const panel = await screen.findByRole('complementary', { name: 'HubSpot EU main' });
    expect(await within(panel).findByText('158,204')).toBeTruthy();
    expect(panel.textContent).toContain('1 of 2 used in 90 days');
    expect(within(panel).getByText('lists.read').closest('li')?.textContent).toContain('not called');
    const give = within(panel).getByRole('link', { name: 'Give back the rest' });
    expect(give.getAttribute('href')).toBe('/reviews?environment=production');
    expect(panel.textContent).toContain('Version 2 in use');
    expect(panel.textContent).toContain('Version 1 kept until');
    expect(await breaches()).toEqual([]);
    await user.click(within(panel).getByRole('button', { name: 'Go back' }));
    const dialog = await screen.findByRole('dialog', { name: 'Go back to version 1' });
    await user.type(within(dialog).getByLabelText('Code from your authenticator'), '492039');
    await user.click(within(dialog).getByRole('button', { name: 'Go back' }));
    await waitFor(() => expect(api.last('POST /connections/con_1/roll-back').body).toEqual({ version: 1 }));
  });

  it('shows which of its hosts is taken for down, and that all that is granted is used', async () => {
    renderApp('/connections?open=con_1', {
      'GET /connections/con_1': aConnectionDetail({
        granted: ['contacts.write'],
        pauses: [
          { host: 'api.hubapi.com', kind: 'down', calls: 6, until: inDays(1) },
          { host: 'api.hubapi.com', kind: 'retries', calls: 31, until: inDays(1) },
        ],
      }),
    });
    const panel = await screen.findByRole('complementary', { name: 'HubSpot EU main' });
    expect(await within(panel).findByText('taken for down')).toBeTruthy();
    expect(panel.textContent).toContain('6 calls failed in a row: none goes out before');
    expect(panel.textContent).toContain('31 calls that failed before wait until');
    expect(panel.textContent).toContain('1 of 1 used in 90 days');
    expect(within(panel).queryByRole('link', { name: 'Give back the rest' })).toBeNull();
    expect(await breaches()).toEqual([]);
  });

  it('says before the list what will not work and when', async () => {
    renderApp('/connections', {
      'GET /connections': aPage([
        aConnection({ id: 'con_2', name: 'Ledger', dueAt: inDays(6) }),
        aConnection({ id: 'con_3', name: 'CRM', oauth: anOAuth() }),
        aConnection({ id: 'con_4', name: 'Fine', dueAt: inDays(60) }),
      ]),
    });
    const notice = await screen.findByText(/Ledger \(production\) is due for rotation in 6 d/);
    expect(notice.textContent).toContain('CRM (production) is not authorized');
    expect(notice.textContent).not.toContain('Fine');
  });

  it('is made with no more scopes than were ticked, and says where the service sends people back to', async () => {
    const { api, user } = renderApp('/connections?add=hubspot', {
      'GET /connectors': aPage([oauthHubspot]),
      'POST /connections': aConnection({ id: 'con_9', oauth: anOAuth() }),
    });
    await user.type(await screen.findByLabelText('Name'), 'HubSpot');
    await user.click(await screen.findByText('OAuth'));
    expect(screen.getByText(/\/oauth\/callback$/)).toBeTruthy();
    await user.type(screen.getByLabelText('Client id'), 'the-client');
    await user.type(screen.getByLabelText('Client secret'), 'the-secret');
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Seal, then authorize' });
    expect(save.disabled).toBe(true);
    await user.click(screen.getByRole('checkbox', { name: 'Read contacts' }));
    expect(await breaches()).toEqual([]);
    await user.click(save);
    await waitFor(() =>
      expect(api.last('POST /connections').body).toMatchObject({
        auth: {
          kind: 'oauth2',
          grant: 'authorizationCode',
          clientId: 'the-client',
          clientSecret: 'the-secret',
          scopes: ['crm.objects.contacts.read'],
        },
      }),
    );
  });

  it.each([
    { title: 'Server API token', in: 'header', name: 'X-Postmark-Server-Token' },
    { title: 'Write key', in: 'username', name: 'Authorization' },
  ] as const)(
    'asks for a vendor’s $title by the vendor’s word, and sends it where the vendor wants it',
    async (apiKey) => {
      const credentials = { apiKey };
      const { api, user } = renderApp('/connections?add=hubspot', {
        'GET /connectors': aPage([aConnector({ auth: ['apiKey'], credentials })]),
        'POST /connections': aConnection({ id: 'con_9' }),
      });
      await user.type(await screen.findByLabelText('Name'), 'Mails');
      expect(screen.queryByLabelText('Sent in')).toBeNull();
      await user.type(screen.getByLabelText(apiKey.title), 'the-key');
      await user.click(screen.getByRole('button', { name: 'Seal and save' }));
      await waitFor(() =>
        expect(api.last('POST /connections').body).toMatchObject({
          auth: { kind: 'apiKey', in: apiKey.in, name: apiKey.name, value: 'the-key' },
        }),
      );
    },
  );

  it('shows which approved scopes the service did not grant', async () => {
    const connection = aConnection({
      authKind: 'oauth2',
      oauth: anOAuth({ status: 'authorized', granted: ['oauth'], obtainedAt: inDays(0) }),
    });
    renderApp('/connections?open=con_1', {
      'GET /connections': aPage([connection]),
      'GET /connections/con_1': aConnectionDetail({ ...connection }),
    });
    const panel = await screen.findByRole('complementary', { name: 'HubSpot EU main' });
    expect(within(panel).getByText('not granted')).toBeTruthy();
    expect(within(panel).getByRole('button', { name: 'Authorize again' })).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('is authorized with what the service sent the browser back with, which stays in no address', async () => {
    window.history.replaceState(null, '', '/oauth/callback?code=1e5&state=con_1.abc');
    const { api, router } = renderApp('/oauth/callback', {
      'POST /oauth/callback': { connection: 'con_1', granted: ['oauth'], missing: [] },
    });
    await waitFor(() => expect(router.state.location.pathname).toBe('/connections'));
    expect(api.last('POST /oauth/callback').body).toEqual({ query: 'code=1e5&state=con_1.abc' });
    expect(window.location.search).toBe('');
  });

  it('says why it was not authorized', async () => {
    window.history.replaceState(null, '', '/oauth/callback?error=access_denied&state=con_1.abc');
    renderApp('/oauth/callback', {
      'POST /oauth/callback': aProblem(422, 'connection.authorization_failed', 'The service said no.'),
    });
    expect(await screen.findByText('It was not authorized')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });
});
