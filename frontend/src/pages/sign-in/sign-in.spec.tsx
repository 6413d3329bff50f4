import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aFlow, aMe } from '../../../test/factories.js';
import { aPage, aProblem, type Handlers } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const codes = ['k7mq-4vdt', 'p2xw-9hcr'];
const enrolment = { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x', qr: 'data:image/svg+xml,x' };

/** A server where nobody is signed in until a code was right. */
function signedOut(handlers: Handlers = {}): Handlers {
  let isSignedIn = false;
  return {
    'GET /auth/me': () => (isSignedIn ? { body: aMe() } : aProblem(401, 'auth.required', 'Sign in first.')),
    'POST /auth/login': { next: 'totp' },
    'POST /auth/enrol': enrolment,
    'POST /auth/totp': () => {
      isSignedIn = true;
      return { body: { ...aMe(), recoveryCodes: codes } };
    },
    'GET /flows': aPage([aFlow()]),
    ...handlers,
  };
}

describe('signing in', () => {
  it('asks for password, then code, and goes back to where the person wanted to go', async () => {
    const { api, user, router } = renderApp('/flows?q=crm', signedOut());

    await user.type(await screen.findByLabelText('E-mail'), 'jonas@nordlicht.example');
    await user.type(screen.getByLabelText('Password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await user.type(await screen.findByLabelText('Code from your authenticator'), '492039');

    expect(await screen.findByRole('grid', { name: 'Flows' })).toBeTruthy();
    expect(api.last('POST /auth/totp').body).toEqual({ code: '492039' });
    expect(router.state.location.search).toEqual({ q: 'crm' });
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example/'])(
    'does not leave for %s afterwards',
    async (next) => {
      const { user, router } = renderApp(`/login?next=${encodeURIComponent(next)}`, signedOut());

      await user.type(await screen.findByLabelText('E-mail'), 'jonas@nordlicht.example');
      await user.type(screen.getByLabelText('Password'), 'correct horse');
      await user.click(screen.getByRole('button', { name: 'Continue' }));
      await user.type(await screen.findByLabelText('Code from your authenticator'), '492039');

      await waitFor(() => expect(router.state.location.pathname).toBe('/flows'));
    },
  );

  it('takes a recovery code', async () => {
    const { api, user } = renderApp('/login', signedOut());

    await user.type(await screen.findByLabelText('E-mail'), 'jonas@nordlicht.example');
    await user.type(screen.getByLabelText('Password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await user.click(await screen.findByRole('button', { name: 'Use a recovery code' }));
    await user.type(screen.getByLabelText('Recovery code'), 'k7mq-4vdt');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));

    await waitFor(() => expect(api.last('POST /auth/totp').body).toEqual({ code: 'k7mq-4vdt' }));
  });

  it('takes another code after a wrong one', async () => {
    const { api, user } = renderApp(
      '/login',
      signedOut({ 'POST /auth/totp': () => aProblem(401, 'auth.wrong_code', 'The code is wrong.') }),
    );

    await user.type(await screen.findByLabelText('E-mail'), 'jonas@nordlicht.example');
    await user.type(screen.getByLabelText('Password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await user.type(await screen.findByLabelText('Code from your authenticator'), '111111');
    expect((await screen.findByRole('alert')).textContent).toContain('The code is wrong.');
    await user.type(screen.getByLabelText('Code from your authenticator'), '492039');

    await waitFor(() => expect(api.last('POST /auth/totp').body).toEqual({ code: '492039' }));
    expect(api.sent.filter(({ path }) => path === '/auth/totp')).toHaveLength(2);
  });

  it('says the same for any wrong pair, in the words of the server', async () => {
    const refused = () => aProblem(401, 'auth.wrong_credentials', 'E-mail or password is wrong.');
    const { user } = renderApp('/login', signedOut({ 'POST /auth/login': refused }));

    await user.type(await screen.findByLabelText('E-mail'), 'nobody@nordlicht.example');
    await user.type(screen.getByLabelText('Password'), 'x');
    await user.click(screen.getByRole('button', { name: 'Continue' }));

    expect((await screen.findByRole('alert')).textContent).toContain('E-mail or password is wrong.');
    expect(await breaches()).toEqual([]);
  });
});

describe('the set-up link', () => {
  it('takes the first owner through password, second factor and recovery codes', async () => {
    const { api, user } = renderApp(
      '/setup#token=a-token-of-twenty-or-more',
      signedOut({ 'GET /auth/status': { needsSetup: true }, 'POST /auth/setup': { next: 'enrol' } }),
    );

    await user.type(await screen.findByLabelText('Your name'), 'Ada');
    await user.type(screen.getByLabelText('E-mail'), 'ada@example.com');
    await user.type(screen.getByLabelText('Password'), 'four unusual words fine');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByText('JBSW Y3DP EHPK 3PXP')).toBeTruthy();
    await user.type(screen.getByLabelText('Code from your authenticator'), '492039');
    expect(await screen.findByText('k7mq-4vdt')).toBeTruthy();

    expect(await breaches()).toEqual([]);
    expect(screen.getByRole('button', { name: 'Finish' })).toHaveProperty('disabled', true);
    await user.click(screen.getByLabelText('I keep them somewhere other than this phone'));
    await user.click(screen.getByRole('button', { name: 'Finish' }));
    expect(await screen.findByRole('grid', { name: 'Flows' })).toBeTruthy();
    expect(api.last('POST /auth/setup').body).toEqual({
      token: 'a-token-of-twenty-or-more',
      email: 'ada@example.com',
      name: 'Ada',
      password: 'four unusual words fine',
    });
  });

  it('asks an invited member only for a password', async () => {
    renderApp('/setup?token=a-token-of-twenty-or-more', signedOut());

    expect(await screen.findByText('Choose your password')).toBeTruthy();
    expect(screen.queryByLabelText('E-mail')).toBeNull();
  });
});
