import type { Grant } from '@sluice/shared/api';
import { computeManifest } from '@sluice/shared/flow';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { aGrant, aMe, aMember, someEnvironments } from '../../../test/factories.js';
import { aPage, aProblem } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

const steppedUp = { steppedUpUntil: '2999-01-01T00:00:00.000Z' };

describe('an approval', () => {
  it('shows what changes against what runs now, and breaks no rule of accessibility', async () => {
    renderApp('/approvals', { 'GET /grants': aPage([aGrant()]) });

    expect(await screen.findByText('What changes against v13, running now')).toBeTruthy();
    expect(screen.getByText('2 wider, 1 less')).toBeTruthy();
    expect(screen.getByText('“Sales wants a deal for every order.”', { exact: false })).toBeTruthy();
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
    expect(await breaches()).toEqual([]);
  });

  it('says what comes in, who may read it in that environment, and who may reveal it', async () => {
    const members = [
      aMember({ id: 'mem_1', name: 'Jonas', roles: ['operator'] }),
      aMember({ id: 'mem_2', name: 'Mira', roles: [], environmentRoles: { production: ['approver'] } }),
      aMember({ id: 'mem_3', name: 'Noor', roles: [], environmentRoles: { dev: ['operator'] } }),
      aMember({ id: 'mem_4', name: 'Gone', status: 'disabled' }),
    ];
    renderApp('/approvals', { 'GET /grants': aPage([aGrant()]), 'GET /members': aPage(members) });

    const answer = async (title: string) =>
      (await screen.findByRole('heading', { name: title })).closest('section')?.textContent;
    expect(await answer('What data travels where')).toContain(
      'Of its answers results.id, results.properties.email come in, and nothing else.',
    );
    await screen.findByText(/may reveal a value/);
    expect(await answer('Who can see it')).toContain(
      '2 members who may read runs: Jonas, Mira. They see stand-ins; Jonas may reveal a value in production',
    );
  });

  it('says what is not masked in that environment', async () => {
    const [dev, staging, production] = someEnvironments();
    if (dev === undefined || staging === undefined || production === undefined) throw new Error('Three are there');
    const policy = { ...staging.policy, masked: ['payment' as const] };
    renderApp('/approvals', {
      'GET /grants': aPage([aGrant({ environment: 'staging' })]),
      'GET /environments': aPage([dev, { ...staging, policy }, production]),
    });
    expect(await screen.findByText(/They see personal and health data as it is, and stand-ins of what/)).toBeTruthy();
  });

  it('says so when a whole answer comes in', async () => {
    const asks = { ...aGrant().asks, calls: ['GET /orders'], replies: ['*'] };
    renderApp('/approvals', { 'GET /grants': aPage([aGrant({ asks })]) });

    expect(await screen.findByText('All of the answer')).toBeTruthy();
  });

  describe('of several connections', () => {
    const mail = aGrant({
      id: 'grn_2',
      slot: 'mail',
      connector: 'smtp',
      connection: { id: 'con_2', name: 'Post' },
      active: null,
      changes: [
        {
          change: 'wider',
          kind: 'field',
          value: 'personal:to',
          title: 'Sends field to (personal)',
          risk: 'medium',
          steps: ['mail'],
        },
        { change: 'wider', kind: 'scope', value: 'mail.bulk', title: 'Write to many', risk: 'critical', steps: [] },
      ],
      unchanged: 0,
      risk: 'critical',
    });

    it('is one request: one line of the list, all differences riskiest first, one decision', async () => {
      const { api, user } = renderApp('/approvals', {
        'GET /auth/me': aMe(steppedUp),
        'GET /grants': aPage([mail, aGrant()]),
        'POST /deployments/dep_1/approve': aPage([aGrant({ status: 'active' }), { ...mail, status: 'active' }]),
      });
      const list = await screen.findByRole('navigation', { name: 'Requests' });
      expect(within(list).getAllByRole('link')).toHaveLength(1);
      expect(within(list).getByText('HubSpot EU main, Post')).toBeTruthy();
      const titles = screen.getAllByRole('button', { name: /^Leave out/ }).map((one) => one.getAttribute('aria-label'));
      expect(titles).toEqual([
        'Leave out Write to many (mail)',
        'Leave out Create and change deals (crm)',
        'Leave out Sends field amount (payment) (crm)',
        'Leave out Sends field to (personal) (mail)',
      ]);
      expect(await breaches()).toEqual([]);

      await user.type(screen.getByLabelText('Reason, kept in the log'), 'One by one');
      await user.click(screen.getByRole('button', { name: 'Leave out Write to many (mail)' }));
      await user.click(screen.getByRole('button', { name: /Narrow and approve 3/ }));
      await user.click(await screen.findByRole('button', { name: 'Sign and approve' }));
      await waitFor(() =>
        expect(api.last('POST /deployments/dep_1/approve').body).toEqual({
          reason: 'One by one',
          grants: { grn_1: { days: 180 }, grn_2: { days: 180, scopes: mail.asks.scopes } },
        }),
      );
    });

    it('may be refused for one of them, with a reason of its own', async () => {
      const { api, user } = renderApp('/approvals', {
        'GET /auth/me': aMe(steppedUp),
        'GET /grants': aPage([mail, aGrant()]),
        'POST /grants/grn_2/refuse': { ...mail, status: 'refused' },
      });
      await user.click(await screen.findByRole('button', { name: 'Refuse Post' }));
      const dialog = await screen.findByRole('dialog');
      await user.type(within(dialog).getByLabelText('Reason, kept in the log'), 'No bulk mail');
      await user.click(within(dialog).getByRole('button', { name: 'Refuse' }));
      await waitFor(() => expect(api.last('POST /grants/grn_2/refuse').body).toEqual({ reason: 'No bulk mail' }));
    });
  });

  it('leaves out what would come in with an answer', async () => {
    const change: Grant['changes'][number] = {
      change: 'wider',
      kind: 'reply',
      value: 'results.properties.email',
      title: 'Takes in results.properties.email of the answer',
      risk: 'low',
      steps: [],
    };
    const { api, user } = renderApp('/approvals', {
      'GET /grants': aPage([aGrant({ changes: [change] })]),
      'POST /auth/step-up': steppedUp,
      'POST /deployments/dep_1/approve': aPage([aGrant({ status: 'active' })]),
    });
    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'Not needed');
    await user.click(screen.getByRole('button', { name: 'Leave out Takes in results.properties.email of the answer' }));
    await user.click(screen.getByRole('button', { name: /Narrow and approve/ }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Code from your authenticator'), '492039');
    await user.click(within(dialog).getByRole('button', { name: 'Sign and approve' }));
    await waitFor(() =>
      expect(api.last('POST /deployments/dep_1/approve').body).toMatchObject({
        grants: { grn_1: { replies: ['results.id'] } },
      }),
    );
  });

  it('needs a reason before it asks for the second factor', async () => {
    const { user } = renderApp('/approvals', { 'GET /grants': aPage([aGrant()]) });

    await user.click(await screen.findByRole('button', { name: /Approve all 2/ }));

    expect(screen.getByText('Say why, in a sentence.')).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('repeats the list, takes the code, then approves with the chosen term', async () => {
    const { api, user } = renderApp('/approvals', {
      'GET /grants': aPage([aGrant()]),
      'POST /auth/step-up': steppedUp,
      'POST /deployments/dep_1/approve': aPage([aGrant({ status: 'active' })]),
    });

    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'Agreed with sales');
    await user.click(screen.getByRole('button', { name: /Approve all 2/ }));
    const dialog = await screen.findByRole('dialog');
    expect(document.querySelector('button[data-loading]')).toBeNull();
    expect(within(dialog).getByText(/Create and change deals/)).toBeTruthy();
    expect(await breaches()).toEqual([]);
    await user.type(within(dialog).getByLabelText('Code from your authenticator'), '492039');
    await user.click(within(dialog).getByRole('button', { name: 'Sign and approve' }));

    await waitFor(() =>
      expect(api.last('POST /deployments/dep_1/approve').body).toEqual({
        reason: 'Agreed with sales',
        grants: { grn_1: { days: 180 } },
      }),
    );
    expect(api.last('POST /auth/step-up').body).toEqual({ code: '492039' });
  });

  it('sends only what is left after something was left out', async () => {
    const { api, user } = renderApp('/approvals', {
      'GET /auth/me': aMe(steppedUp),
      'GET /grants': aPage([aGrant()]),
      'POST /deployments/dep_1/approve': aPage([aGrant({ status: 'active' })]),
    });

    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'Read only');
    await user.click(screen.getByRole('button', { name: 'Leave out Create and change deals' }));
    await user.click(screen.getByRole('button', { name: /Narrow and approve 1/ }));
    await user.click(await screen.findByRole('button', { name: 'Sign and approve' }));

    await waitFor(() =>
      expect(api.last('POST /deployments/dep_1/approve').body).toEqual({
        reason: 'Read only',
        grants: { grn_1: { scopes: ['contacts.write'], days: 180 } },
      }),
    );
  });

  it('leaves out a field, and keeps to a rate and to the longest time of the environment', async () => {
    const { api, user } = renderApp('/approvals', {
      'GET /auth/me': aMe(steppedUp),
      'GET /grants': aPage([aGrant({ longestDays: 60 })]),
      'POST /deployments/dep_1/approve': aPage([aGrant({ status: 'active' })]),
    });
    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'No amounts');
    await user.click(screen.getByRole('button', { name: 'Leave out Sends field amount (payment)' }));
    await user.click(screen.getByRole('combobox', { name: 'At most' }));
    await user.click(await screen.findByRole('option', { name: '10 calls a second', hidden: true }));
    await user.click(screen.getByRole('button', { name: /Narrow and approve 1/ }));
    await user.click(await screen.findByRole('button', { name: 'Sign and approve' }));
    const rate = { callsPerSecond: 10, burst: 20 };
    await waitFor(() =>
      expect(api.last('POST /deployments/dep_1/approve').body).toEqual({
        reason: 'No amounts',
        grants: { grn_1: { fields: ['personal:email'], days: 60, rate } },
      }),
    );
  });

  it('says that two approvers sign, why, and who did', async () => {
    const signature = {
      by: { id: 'mem_mira', name: 'Mira Sato' },
      at: '2026-11-20T13:58:00.000Z',
      reason: 'Fine',
      hash: 'h',
    };
    const { asks } = aGrant();
    renderApp('/approvals', {
      'GET /grants': aPage([
        aGrant({ highRisk: ['money'], signaturesNeeded: 2, signatures: [{ ...signature, allows: asks }] }),
      ]),
    });
    expect(await screen.findByText('Mira Sato signed')).toBeTruthy();
    expect(screen.getByText('Needs two approvers')).toBeTruthy();
    expect(screen.getByText(/Because it moves money/)).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('offers the emergency to an approver whom a rule holds back, and to nobody else', async () => {
    const held = aGrant({ mayDecide: false, mayNotBecause: 'You published this version.' });
    const { api, user } = renderApp('/approvals', {
      'GET /auth/me': aMe(steppedUp),
      'GET /grants': aPage([held]),
      'POST /deployments/dep_1/approve': aPage([aGrant({ status: 'active', emergency: true })]),
    });
    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'Outage');
    await user.click(screen.getByRole('button', { name: 'Emergency: alone, for an hour' }));
    await user.click(await screen.findByRole('button', { name: 'Sign as an emergency' }));
    await waitFor(() =>
      expect(api.last('POST /deployments/dep_1/approve').body).toEqual({
        reason: 'Outage',
        emergency: true,
        grants: { grn_1: {} },
      }),
    );
  });

  it('is reviewed once afterwards, for all its slots', async () => {
    const given = { status: 'active', emergency: true, decidedBy: { id: 'mem_mira', name: 'Mira' } } as const;
    const both = [aGrant(given), aGrant({ ...given, id: 'grn_2', slot: 'mail' })];
    const { api, user } = renderApp('/approvals?open=grn_1', {
      'GET /auth/me': aMe(steppedUp),
      'GET /grants': aPage(both),
      'POST /deployments/dep_1/review': aPage(both),
    });
    await user.click(await screen.findByRole('button', { name: 'Review' }));
    const dialog = within(await screen.findByRole('dialog', { name: /^Review the emergency approval/ }));
    expect(dialog.getByText(/^Mira approved it alone, for an hour: crm, mail\./)).toBeTruthy();
    await user.type(dialog.getByLabelText('What you found, kept in the log'), 'The outage was real');
    await user.click(dialog.getByRole('button', { name: 'Write the review' }));
    await waitFor(() =>
      expect(api.last('POST /deployments/dep_1/review').body).toEqual({ note: 'The outage was real' }),
    );
  });

  it('asks again when the server wants a fresher factor than the page thought', async () => {
    let tries = 0;
    const { api, user } = renderApp('/approvals', {
      'GET /auth/me': aMe(steppedUp),
      'GET /grants': aPage([aGrant()]),
      'POST /auth/step-up': steppedUp,
      'POST /deployments/dep_1/refuse': () => {
        tries += 1;
        return tries === 1
          ? aProblem(403, 'auth.step_up_required', 'This needs a fresh code.')
          : { body: aPage([aGrant({ status: 'refused' })]) };
      },
    });

    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'Too wide');
    await user.click(screen.getByRole('button', { name: /Refuse/ }));
    await user.click(await within(await screen.findByRole('dialog')).findByRole('button', { name: 'Refuse' }));
    await user.type(await screen.findByLabelText('Code from your authenticator'), '492039');
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Refuse' }));

    await waitFor(() => expect(tries).toBe(2));
    expect(api.last('POST /deployments/dep_1/refuse').body).toEqual({ reason: 'Too wide' });
  });

  it('changes nothing when the dialog is cancelled', async () => {
    const { api, user } = renderApp('/approvals', { 'GET /grants': aPage([aGrant()]) });

    await user.type(await screen.findByLabelText('Reason, kept in the log'), 'Agreed');
    await user.click(screen.getByRole('button', { name: /Approve all 2/ }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));

    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('says why the reader may not decide', async () => {
    renderApp('/approvals', {
      'GET /grants': aPage([
        aGrant({ mayDecide: false, mayNotBecause: 'You asked for this; another approver has to decide it.' }),
      ]),
    });

    expect(await screen.findByText('You asked for this; another approver has to decide it.')).toBeTruthy();
    expect(screen.getByRole('button', { name: /Approve/ })).toHaveProperty('disabled', true);
  });

  it('says from when the only approver may decide, as a time of the reader', async () => {
    renderApp('/approvals', {
      'GET /auth/me': aMe({ id: 'mem_2' }),
      'GET /grants': aPage([
        aGrant({
          requestedBy: { id: 'mem_2', name: 'Jonas Okafor' },
          soloFrom: '2999-11-22T14:47:20.886Z',
          mayDecide: false,
          mayNotBecause: 'You can decide it from 2999-11-22T14:47:20.886Z.',
        }),
      ]),
    });

    expect(await screen.findByText(/You can decide it from/)).toBeTruthy();
    expect(screen.queryByText(/T14:47:20/)).toBeNull();
  });

  it('names steps and connections as people do, and the class of a field once', async () => {
    const deal = { id: 'deal', name: 'Make a deal', kind: 'action', slot: 'crm', action: 'deals.create', input: {} };
    const drawn = aFlow({ slots: { crm: { connector: 'hubspot' } }, steps: [aTrigger, deal], edges: ['paid -> deal'] });
    renderApp('/approvals', {
      'GET /grants': aPage([aGrant()]),
      'GET /flows/flw_1/versions/15': {
        version: 15,
        hash: 'sha256:9f2c',
        manifest: computeManifest(drawn, aCatalogue),
        note: null,
        createdBy: { id: 'mem_lena', name: 'Lena Brandt' },
        createdAt: '2026-11-20T13:00:00.000Z',
        document: drawn,
      },
    });

    expect(await screen.findAllByText(/For step Make a deal/)).toHaveLength(2);
    const list = screen.getByRole('navigation', { name: 'Requests' });
    expect(within(list).getByText('HubSpot EU main')).toBeTruthy();
    expect(screen.getByText('Sends field amount')).toBeTruthy();
    expect(screen.queryByText(/payment: amount/)).toBeNull();
  });

  it('says that a single approver is weaker', async () => {
    renderApp('/approvals', { 'GET /grants': aPage([aGrant({ soloFrom: '2026-11-20T13:41:44.000Z' })]) });

    expect(await screen.findByText('One approver only')).toBeTruthy();
    expect(screen.queryByText('Two people, four eyes')).toBeNull();
  });

  it('is calm when nothing waits', async () => {
    renderApp('/approvals');

    expect(await screen.findByText('Nothing waits for you')).toBeTruthy();
  });
});

describe('a fresh second factor', () => {
  it('runs down in the top bar', async () => {
    renderApp('/approvals', { 'GET /auth/me': aMe({ steppedUpUntil: new Date(Date.now() + 125_000).toISOString() }) });

    expect((await screen.findByRole('timer')).textContent).toMatch(/^2:0\d$/);
  });

  it('is not shown once it has run out', async () => {
    renderApp('/approvals', { 'GET /auth/me': aMe({ steppedUpUntil: '2020-01-01T00:00:00.000Z' }) });

    await screen.findByText('Nothing waits for you');
    expect(screen.queryByRole('timer')).toBeNull();
  });
});
