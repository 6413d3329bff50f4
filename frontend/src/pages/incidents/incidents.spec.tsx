import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aFlow, aKillSwitch, aMe } from '../../../test/factories.js';
import { aPage, aProblem, type Handlers, type Sent } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const steppedUp = { steppedUpUntil: '2999-01-01T00:00:00.000Z' };
const lena = { id: 'mem_lena', name: 'Lena Brandt' };

/** Answers the two lists of the page apart. */
function lists(on: ReturnType<typeof aKillSwitch>[], released: ReturnType<typeof aKillSwitch>[] = []): Handlers {
  return {
    'GET /kill-switches': ({ query }: Sent) => ({ body: aPage(query.get('status') === 'on' ? on : released) }),
  };
}

describe('incidents', { timeout: 20_000 }, () => {
  it('say that nothing is stopped and what a stop does, and break no rule of accessibility', async () => {
    renderApp('/incidents');

    expect(await screen.findByText('Nothing is stopped')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Stop something' })).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('show what is stopped, by whom and why, here and across every screen', async () => {
    const over = aKillSwitch({
      id: 'kil_2',
      target: { kind: 'host', id: 'api.example.com', name: 'api.example.com' },
      releasedBy: lena,
      releasedAt: '2026-11-20T14:00:00.000Z',
    });
    renderApp('/incidents', lists([aKillSwitch()], [over]));

    expect((await screen.findAllByText('“The key was in a screenshot”')).length).toBe(2);
    expect(screen.getByText('1 stop in force')).toBeTruthy();
    expect(screen.getByText('1 stop in force:').closest('[role=status]')?.textContent).toContain('HubSpot EU main');
    expect(screen.getByText('api.example.com')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('put a bar across every other screen while something is stopped', async () => {
    renderApp('/flows', { ...lists([aKillSwitch()]), 'GET /flows': aPage([aFlow()]) });

    expect(await screen.findByRole('link', { name: 'See incidents' })).toBeTruthy();
  });

  it('stop what was picked, with the reason and the second factor', async () => {
    const { api, user } = renderApp('/incidents?stop=new', {
      'POST /auth/step-up': steppedUp,
      'POST /kill-switches': aKillSwitch(),
    });

    await user.click(await screen.findByRole('combobox', { name: 'Connection' }));
    await user.click(await screen.findByRole('option', { name: 'HubSpot EU main (production)', hidden: true }));
    expect(await breaches()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    const dialog = await screen.findByRole('dialog', { name: /Stop HubSpot EU main/ });
    await waitFor(() => expect(screen.getAllByRole('dialog', { hidden: true })).toHaveLength(1));
    expect(await breaches()).toEqual([]);
    await user.type(within(dialog).getByLabelText('Reason, kept in the log'), 'Key leaked');
    await user.type(within(dialog).getByLabelText('Code from your authenticator'), '492039');
    await user.click(within(dialog).getByRole('button', { name: 'Stop it' }));

    await waitFor(() =>
      expect(api.last('POST /kill-switches').body).toEqual({
        target: { kind: 'connection', id: 'con_1' },
        reason: 'Key leaked',
      }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('take a host as it is typed, and say what the server makes of it', async () => {
    const { user } = renderApp('/incidents?stop=new', {
      'GET /auth/me': aMe(steppedUp),
      'POST /kill-switches': () => aProblem(409, 'killswitch.already_on', 'This is stopped already.'),
    });

    await user.click(await screen.findByRole('radio', { name: 'Host' }));
    await user.type(
      screen.getByLabelText('Host', { selector: 'input[type=text], input:not([type])' }),
      'api.example.com',
    );
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'Breach');
    await user.click(screen.getByRole('button', { name: 'Stop it' }));

    expect(await screen.findByText('This is stopped already.')).toBeTruthy();
  });

  it('release with the second factor', async () => {
    const { api, user } = renderApp('/incidents', {
      ...lists([aKillSwitch()]),
      'POST /auth/step-up': steppedUp,
      'DELETE /kill-switches/kil_1': aKillSwitch({ releasedBy: lena, releasedAt: '2026-11-20T14:00:00.000Z' }),
    });

    await user.click(await screen.findByRole('button', { name: 'Release HubSpot EU main' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Code from your authenticator'), '492039');
    await user.click(within(dialog).getByRole('button', { name: 'Release' }));

    await waitFor(() => expect(api.last('DELETE /kill-switches/kil_1')).toBeTruthy());
  });

  it('have one person ask and another one confirm where two lift it', async () => {
    const { api, user } = renderApp('/incidents', {
      ...lists([aKillSwitch({ takesTwo: true })]),
      'POST /auth/step-up': steppedUp,
      'DELETE /kill-switches/kil_1': aKillSwitch({ takesTwo: true, liftAskedBy: lena }),
    });

    expect(await screen.findByText(/Two people lift it/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Ask to lift HubSpot EU main' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/stays in force until a second person/)).toBeTruthy();
    await user.type(within(dialog).getByLabelText('Code from your authenticator'), '492039');
    await user.click(within(dialog).getByRole('button', { name: 'Ask to lift' }));
    await waitFor(() => expect(api.last('DELETE /kill-switches/kil_1')).toBeTruthy());
  });

  it('say who asked to lift a stop', async () => {
    const asked = aKillSwitch({ takesTwo: true, liftAskedBy: lena, liftAskedAt: '2026-11-20T14:00:00.000Z' });
    renderApp('/incidents', lists([asked]));

    expect(await screen.findByText(/Lena Brandt asked to lift it/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Confirm lifting HubSpot EU main' })).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('offer nothing to set or release to a reader', async () => {
    const me = aMe({ roles: ['builder'], permissions: ['flows.read'] });
    renderApp('/incidents?stop=new', { ...lists([aKillSwitch()]), 'GET /auth/me': me });

    await screen.findByText('“The key was in a screenshot”');
    expect(screen.queryByRole('button', { name: /Stop|Release/ })).toBeNull();
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
