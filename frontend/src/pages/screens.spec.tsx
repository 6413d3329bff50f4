import type { RunSummary } from '@sluice/shared/api';
import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import {
  aConnection,
  aFlow,
  anEntry,
  anEvent,
  aMe,
  aMember,
  aRun,
  aSchedule,
  aStep,
  aWholeRun,
  someEnvironments,
} from '../../test/factories.js';
import { aPage, aProblem, FakeEventSource } from '../../test/fake-api.js';
import { breaches, renderApp } from '../../test/render-app.js';

// The drawing needs a canvas with a size; the editor's own tests look at it.
vi.mock('./run/RunGraphPane.js', () => ({ RunGraphPane: () => null }));

describe('flows', () => {
  it('stand with those first who need someone, and break no rule of accessibility', async () => {
    const failing = aFlow({
      id: 'flw_2',
      name: 'Zebra',
      lastRun: { id: 'run_2', status: 'failed', at: '2026-11-20T13:00:00.000Z' },
    });
    renderApp('/flows', { 'GET /flows': aPage([aFlow(), failing]) });

    const rows = within(await screen.findByRole('grid', { name: 'Flows' })).getAllByRole('row');
    expect(rows[1]?.textContent).toContain('Zebra');
    expect(screen.getByText('2 flows, 1 needs someone')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('offer a first flow, made from a template', async () => {
    const { api, user } = renderApp('/flows', {
      'POST /flows': () => aProblem(422, 'flow.invalid_document', 'The flow document is not valid.'),
    });

    await user.click(await screen.findByRole('button', { name: 'Use Lead from a web form' }));

    expect(api.last('POST /flows').body).toMatchObject({
      name: 'Lead from a web form',
      document: { schema: 'sluice.flow/1' },
    });
    expect(await screen.findByText('The flow document is not valid.')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('say what could not be read, with the request id and a way to try again', async () => {
    let isWell = false;
    const { user } = renderApp('/flows', {
      'GET /flows': () =>
        isWell
          ? { body: aPage([aFlow()]) }
          : aProblem(500, 'server.failed', 'Something went wrong on our side; tell an admin the request id.'),
    });

    expect(await screen.findByText('Flows could not be read')).toBeTruthy();
    expect(screen.getByText('req_7fA2')).toBeTruthy();
    isWell = true;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('grid', { name: 'Flows' })).toBeTruthy();
  });

  it('offer nothing to change to a reader', async () => {
    renderApp('/flows', {
      'GET /auth/me': aMe({ roles: ['auditor'], permissions: ['flows.read', 'audit.read'] }),
      'GET /flows': aPage([aFlow()]),
    });

    await screen.findByRole('grid', { name: 'Flows' });
    expect(screen.queryByRole('button', { name: /New flow/ })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Connections' })).toBeNull();
  });

  it('are renewed when the server says that they changed', async () => {
    const { api } = renderApp('/flows', { 'GET /flows': aPage([aFlow()]) });
    await screen.findByRole('grid', { name: 'Flows' });
    const before = api.sent.filter(({ path }) => path === '/flows').length;

    act(() => FakeEventSource.open.find(({ url }) => url === '/api/v1/events')?.say('changed', { topic: 'flows' }));

    await waitFor(() => expect(api.sent.filter(({ path }) => path === '/flows').length).toBeGreaterThan(before), {
      timeout: 2000,
    });
  });

  it('are reached by G then a letter', async () => {
    const { user, router } = renderApp('/runs');
    await screen.findByText('No run yet');

    await user.keyboard('gf');

    await waitFor(() => expect(router.state.location.pathname).toBe('/flows'));
  });
});

describe('connections', () => {
  it('stand by environment, production first', async () => {
    renderApp('/connections?open=con_1', {
      'GET /connections': aPage([aConnection({ id: 'con_2', environment: 'dev', name: 'Sandbox' }), aConnection()]),
    });

    const text = (await screen.findByRole('grid', { name: 'Connections' })).textContent ?? '';
    expect(text.indexOf('production')).toBeLessThan(text.indexOf('Sandbox'));
    expect(screen.getByRole('complementary', { name: 'HubSpot EU main' })).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('are sealed with the fields that their connector asks for', async () => {
    const { api, user } = renderApp('/connections?add=hubspot', {
      'POST /connections': { ...aConnection({ id: 'con_9' }) },
    });

    await user.type(await screen.findByLabelText('Name'), 'HubSpot sandbox');
    await user.type(await screen.findByLabelText('Token'), 'pat-1');
    expect(await breaches()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Seal and save' }));

    await waitFor(() =>
      expect(api.last('POST /connections').body).toEqual({
        connector: 'hubspot',
        environment: 'dev',
        name: 'HubSpot sandbox',
        auth: { kind: 'bearer', token: 'pat-1' },
        config: {},
      }),
    );
  });

  it('are stopped with a reason and the second factor', async () => {
    const { api, user } = renderApp('/connections?open=con_1', {
      'POST /auth/step-up': { steppedUpUntil: '2999-01-01T00:00:00.000Z' },
      'POST /connections/con_1/revoke': aConnection({ status: 'revoked' }),
    });

    await user.click(await screen.findByRole('button', { name: 'Stop' }));
    const dialog = await screen.findByRole('dialog', { name: 'Stop HubSpot EU main' });
    await user.type(within(dialog).getByLabelText('Reason, kept in the log'), 'Seen in a log');
    await user.type(within(dialog).getByLabelText('Code from your authenticator'), '492039');
    await user.click(within(dialog).getByRole('button', { name: 'Stop the connection' }));

    await waitFor(() => expect(api.last('POST /connections/con_1/revoke').body).toEqual({ reason: 'Seen in a log' }));
  });
});

describe('runs', () => {
  it('are filtered by the address, and say why they failed', async () => {
    const failed = aRun({
      status: 'failed',
      error: { code: 'unavailable', message: 'The mail server asked to try later', step: 'receipt' },
    });
    const { api } = renderApp('/runs?status=failed&environment=production', { 'GET /runs': aPage([failed]) });

    expect(await screen.findByText('receipt: The mail server asked to try later')).toBeTruthy();
    expect(
      api.sent.some(
        ({ path, query }) =>
          path === '/runs' && query.get('status') === 'failed' && query.get('environment') === 'production',
      ),
    ).toBe(true);
    expect(await breaches()).toEqual([]);
  });

  it('go on behind a button', async () => {
    const { user } = renderApp('/runs', {
      'GET /runs': ({ query }) => ({
        body:
          query.get('cursor') === 'more'
            ? aPage([aRun({ id: 'run_2', flow: { id: 'flw_2', name: 'Older' } })])
            : aPage([aRun()], 'more'),
      }),
    });

    await user.click(await screen.findByRole('button', { name: 'Show older' }));

    expect(await screen.findByText('Older')).toBeTruthy();
  });
});

describe('one run', () => {
  const inDoubt = aStep({
    id: 'books',
    name: 'Post to books',
    status: 'in_doubt',
    endedAt: null,
    attempts: [
      {
        attempt: 1,
        startedAt: '2026-11-20T13:26:44.018Z',
        endedAt: '2026-11-20T13:26:44.358Z',
        status: 'in_doubt',
        error: null,
        call: {
          connection: 'con_1',
          grant: null,
          host: 'books.example',
          method: 'POST',
          path: '/entries',
          status: null,
          bytes: null,
        },
      },
    ],
  });

  it('asks its question with two answers', async () => {
    const { api, user } = renderApp('/runs/run_1', {
      'GET /runs/run_1': aWholeRun({ status: 'in_doubt', endedAt: null, steps: [aStep(), inDoubt] }),
      'POST /runs/run_1/steps/books/resolve': aRun(),
    });

    expect(await screen.findByText('Post to books is in doubt')).toBeTruthy();
    expect(screen.getAllByText('books.example').length).toBeGreaterThan(0);
    expect(await breaches()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'It happened' }));

    await waitFor(() => expect(api.last('POST /runs/run_1/steps/books/resolve').body).toEqual({ happened: true }));
  });

  it('shows what a step took in', async () => {
    const { user } = renderApp('/runs/run_1?step=contact', { 'GET /runs/run_1': aWholeRun() });

    await user.click(await screen.findByRole('tab', { name: 'Input' }));

    expect((await screen.findByLabelText('Input', { selector: 'pre' })).textContent).toContain('ada@example.com');
  });

  it('that is unknown says so', async () => {
    renderApp('/runs/run_9', { 'GET /runs/run_9': () => aProblem(404, 'run.unknown', 'There is no such run.') });

    expect((await screen.findByRole('alert')).textContent).toContain('There is no such run.');
  });
});

describe('the inbox', () => {
  it('says why a delivery was refused, and keeps replay off while that stands', async () => {
    const refused = anEvent({
      status: 'refused',
      run: null,
      replayable: false,
      erasedAt: null,
      reason: { code: 'x', message: 'Signature does not match' },
      checks: [{ check: 'signature', ok: false, detail: 'matches none' }],
    });
    renderApp('/inbox?open=evt_1&status=refused', { 'GET /inbox': aPage([refused]) });

    const panel = await screen.findByRole('complementary', { name: 'Delivery, Refused' });
    expect(within(panel).getByText('matches none')).toBeTruthy();
    expect(within(panel).getByRole('button', { name: 'Replay' })).toHaveProperty('disabled', true);
    expect(await breaches()).toEqual([]);
  });
});

describe('the inbox, searched', () => {
  it('asks for a message by its id, for text and for a part of time, and clears them', async () => {
    const { api, user, router } = renderApp('/inbox?since=7d', {
      'GET /inbox': ({ query }) => ({ body: aPage(query.has('q') ? [] : [anEvent()]) }),
    });
    await screen.findByRole('grid', { name: 'Deliveries' });
    await user.type(screen.getByLabelText('Message id, exactly'), 'msg_1');
    expect(screen.getByRole('button', { name: /^Received\slast 7 d$/ })).toBeTruthy();
    await waitFor(() => expect(api.last('GET /inbox').query.get('message')).toBe('msg_1'));
    const week = Date.now() - Date.parse(api.last('GET /inbox').query.get('from') ?? '');
    expect(Math.round(week / 86_400_000)).toBe(7);
    await user.type(screen.getByLabelText('Address, id or reason'), '203');
    expect(await screen.findByText('No delivery matches')).toBeTruthy();
    expect(router.state.location.search).toMatchObject({ q: '203', message: 'msg_1', since: '7d' });
    expect(await breaches()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(await screen.findByRole('grid', { name: 'Deliveries' })).toBeTruthy();
  });
});

describe('schedules', () => {
  it('stand by environment, production first, with the times to come and the last run', async () => {
    const { user } = renderApp('/schedules', {
      'GET /schedules': aPage([aSchedule({ id: 'other', environment: 'dev', last: null }), aSchedule()]),
    });

    const grid = await screen.findByRole('grid', { name: 'Schedules' });
    const text = grid.textContent ?? '';
    expect(text.indexOf('production')).toBeLessThan(text.indexOf('dev'));
    expect(
      within(grid)
        .getByRole('link', { name: /Succeeded/i })
        .getAttribute('href'),
    ).toBe('/runs/run_1');
    expect(await breaches()).toEqual([]);

    await user.click(within(grid).getAllByText('30 2 * * *')[0] ?? grid);
    const panel = await screen.findByRole('complementary', { name: 'Schedule of Nightly stock' });
    const times = within(panel).getByRole('list', { name: 'The next ten times' });
    expect(times.textContent).toContain('Sat, 21 Nov 2026, 02:30');
    expect(within(panel).getByRole('link', { name: 'See its runs' }).getAttribute('href')).toBe(
      '/runs?flow=flw_1&environment=production',
    );
    expect(await breaches()).toEqual([]);
  });

  it('say which was due and did not run, and which is stopped by whom', async () => {
    const stopped = aSchedule({ id: 'stopped', stopped: 'Ada stopped this flow: “breach”.', next: [] });
    const { router } = renderApp('/schedules?open=stopped', {
      'GET /schedules': aPage([stopped, aSchedule({ id: 'late', lateSince: '2026-11-20T01:30:00.000Z' })]),
    });

    expect(await screen.findByText('Ada stopped this flow: “breach”.')).toBeTruthy();
    expect(screen.getByText('was due, did not run')).toBeTruthy();
    await act(() => router.navigate({ to: '/schedules', search: { open: 'late' } }));
    expect(await screen.findByText('It was due and did not run')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('are reached by G S, and say what they are while there is none', async () => {
    const { user, router } = renderApp('/runs', { 'GET /schedules': aPage([]) });
    await screen.findByText('No run yet');

    await user.keyboard('gs');

    await waitFor(() => expect(router.state.location.pathname).toBe('/schedules'));
    expect(await screen.findByText('No schedule yet')).toBeTruthy();
  });
});

describe('the audit log', () => {
  it('reads as sentences and is verified on request', async () => {
    const { user } = renderApp('/audit?open=ent_1', {
      'GET /audit': aPage([anEntry()]),
      'POST /audit/verify': { ok: true, entries: 18, blocks: 7 },
    });

    expect(await screen.findByRole('heading', { name: 'Jonas Okafor: approved grant' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Verify now' }));
    expect(await screen.findByText('Verified: 18 entries in 7 blocks')).toBeTruthy();
    expect(await breaches()).toEqual([]);
  });

  it('says where it was broken', async () => {
    const { user } = renderApp('/audit', {
      'GET /audit': aPage([anEntry()]),
      'POST /audit/verify': {
        ok: false,
        entries: 18,
        blocks: 7,
        firstBad: { lane: '0', block: 4, position: 1, why: 'the root differs' },
      },
    });

    await user.click(await screen.findByRole('button', { name: 'Verify now' }));

    expect(await screen.findByText('First fault in lane 0, block 4, entry 1: the root differs')).toBeTruthy();
  });

  it('is not read again by itself: reading it writes to it', async () => {
    const { api } = renderApp('/audit', { 'GET /audit': aPage([anEntry()]) });
    await screen.findByRole('grid', { name: 'Log entries' });

    act(() => FakeEventSource.open.find(({ url }) => url === '/api/v1/events')?.say('changed', { topic: 'audit' }));
    await waitFor(() => expect(api.sent.filter(({ path }) => path === '/audit/status').length).toBeGreaterThan(1), {
      timeout: 2000,
    });

    expect(api.sent.filter(({ path }) => path === '/audit')).toHaveLength(1);
  });
});

describe('a live list of runs that was read far back', () => {
  it('reads again its first page and what has not ended, and keeps what else it read', {
    timeout: 40_000,
  }, async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 10, 20, 12, n)).toISOString();
    const named = (n: number, over: Partial<RunSummary> = {}) =>
      aRun({ id: `run_${n}`, startedAt: at(n), endedAt: at(n), flow: { id: 'flw_1', name: `Flow ${n}` }, ...over });
    const open = { status: 'waiting', endedAt: null } as const;
    const pages: Record<string, object> = {
      '': { items: [named(9)], next: 'a', searchedTo: at(8) },
      a: { items: [named(7, open)], next: 'b', searchedTo: at(6) },
      b: { items: [named(5)], next: 'c', searchedTo: at(4) },
      c: { items: [named(3)], next: null, searchedTo: null },
    };
    const { api } = renderApp('/runs?q=x', {
      'GET /runs': ({ query }) => ({ body: pages[query.get('cursor') ?? ''] }),
    });
    await screen.findByText('Flow 3', {}, { timeout: 20_000 });
    const asked = () =>
      api.sent
        .filter(({ path, query }) => path === '/runs' && query.get('q') === 'x')
        .map(({ query }) => query.get('cursor') ?? '');
    expect(asked()).toEqual(['', 'a', 'b', 'c']);

    pages[''] = { items: [named(10), named(9)], next: 'a2', searchedTo: at(8) };
    pages['a'] = { items: [], next: 'b2', searchedTo: at(6) };
    act(() => FakeEventSource.open.find(({ url }) => url === '/api/v1/events')?.say('changed', { topic: 'runs' }));
    await screen.findByText('Flow 10', {}, { timeout: 8000 });
    await waitFor(() => expect(screen.queryByText('Flow 7')).toBeNull(), { timeout: 8000 });
    for (const n of [9, 5, 3]) expect(screen.getByText(`Flow ${n}`)).toBeTruthy();
    expect(asked().slice(4)).toEqual(['', 'a']);
  });
});

describe('the list of flows', () => {
  it('is renewed by a run: it tells the last one', async () => {
    const { api } = renderApp('/flows', { 'GET /flows': aPage([aFlow()]) });
    await screen.findByRole('grid', { name: 'Flows' });
    const before = api.sent.filter(({ path }) => path === '/flows').length;

    act(() => FakeEventSource.open.find(({ url }) => url === '/api/v1/events')?.say('changed', { topic: 'runs' }));

    await waitFor(() => expect(api.sent.filter(({ path }) => path === '/flows').length).toBeGreaterThan(before), {
      timeout: 2000,
    });
  });
});

describe('what the log gained', () => {
  const statusOf = (entries: number) => ({ state: 'verified', checkedAt: null, entries, failedAt: null });
  it('is counted from a status that is as new as the list', async () => {
    let entries = 18;
    const { api } = renderApp('/audit', {
      'GET /audit': aPage([anEntry()]),
      'GET /audit/status': () => ({ body: statusOf(entries) }),
    });
    await screen.findByRole('grid', { name: 'Log entries' });
    await waitFor(() => expect(api.sent.filter(({ path }) => path === '/audit/status').length).toBeGreaterThan(1));
    entries = 21;
    act(() => FakeEventSource.open.find(({ url }) => url === '/api/v1/events')?.say('changed', { topic: 'audit' }));

    expect(await screen.findByText('3 new entries since this list was read', {}, { timeout: 2000 })).toBeTruthy();
  });
});

describe('a run that nobody knows', () => {
  it('has a way back to the list', async () => {
    renderApp('/runs/run_0', { 'GET /runs/run_0': () => aProblem(404, 'run.unknown', 'There is no such run.') });

    expect((await screen.findByRole('link', { name: 'All runs' })).getAttribute('href')).toMatch(/^\/runs/);
  });
});

describe('settings and account', () => {
  it('show the link of an invitation once', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': aMe({ steppedUpUntil: '2999-01-01T00:00:00.000Z' }),
      'POST /members': ({ body }) => ({
        status: 201,
        body: {
          ...(typeof body === 'object' ? body : {}),
          id: 'mem_9',
          status: 'invited',
          secondFactor: false,
          createdAt: '2026-11-20T13:00:00.000Z',
          lastSeenAt: null,
          setupUrl: 'https://sluice.example/setup?token=t',
        },
      }),
    });

    await user.click(await screen.findByRole('button', { name: 'Invite' }));
    const dialog = await screen.findByRole('dialog', { name: 'Invite a member' });
    await user.type(within(dialog).getByLabelText('Name'), 'Mira');
    await user.type(within(dialog).getByLabelText('E-mail'), 'mira@example.com');
    await user.click(within(dialog).getByRole('button', { name: 'Invite' }));

    expect(await screen.findByText('https://sluice.example/setup?token=t')).toBeTruthy();
    expect(api.last('POST /members').body).toEqual({
      email: 'mira@example.com',
      name: 'Mira',
      roles: ['builder'],
      environmentRoles: {},
    });
  });

  it('change for how long an environment keeps what ran, and say what that does to what is here', async () => {
    const { api, user } = renderApp('/settings', {
      'GET /auth/me': aMe({ steppedUpUntil: '2999-01-01T00:00:00.000Z' }),
      'PATCH /environments/env_2': { ...someEnvironments()[1] },
    });

    const box = await screen.findByLabelText('staging keeps events and runs for');
    await user.click(box);
    const choices = document.getElementById(box.getAttribute('aria-controls') ?? '') ?? document.body;
    await user.click(within(choices).getByText('30 days'));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/What begins from now on is kept for 30 days/)).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Change the policy' }));

    await waitFor(() =>
      expect(api.last('PATCH /environments/env_2').body).toEqual({
        policy: { approval: true, production: false, retentionDays: 30 },
      }),
    );
  });

  it.each(['/settings', '/account', '/connectors'])('%s breaks no rule of accessibility', async (path) => {
    renderApp(path, { 'GET /auth/sessions': aPage([]) });

    await screen.findByRole('heading', { level: 1 });
    expect(await breaches()).toEqual([]);
  });
});

describe('a page that somebody may not see', () => {
  it('names the right that is missing, the roles that carry it and who gives them, and asks the server for nothing', async () => {
    const { api } = renderApp('/runs/run_1', {
      'GET /auth/me': aMe({ roles: [], permissions: ['flows.read', 'members.read'] }),
      'GET /members': aPage([aMember(), aMember({ id: 'mem_mia', name: 'Mia Brandt', roles: ['viewer'] })]),
    });

    const text = (await screen.findByText(/This page needs the right/)).textContent;
    expect(text).toContain('runs.read (read runs and what they carried)');
    expect(text).toContain('the roles viewer, builder, operator, approver, auditor, admin or owner.');
    await screen.findByText(/Jonas Okafor, who can give you one of them/);
    expect(screen.queryByText(/Mia Brandt/)).toBeNull();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Runs');
    expect(api.sent.some(({ path }) => path.startsWith('/runs'))).toBe(false);
    expect(await breaches()).toEqual([]);
  });

  it('says whom to ask also to who may not read the members', async () => {
    renderApp('/audit', { 'GET /auth/me': aMe({ roles: ['viewer'], permissions: ['flows.read'] }) });

    expect((await screen.findByText(/This page needs the right/)).textContent).toContain(
      'Ask an admin of this workspace.',
    );
  });
});

describe('a stream that breaks', () => {
  it('is said only when it stays away, and what was missed is read again', async () => {
    const { api } = renderApp('/flows', { 'GET /flows': aPage([aFlow()]) });
    await screen.findByRole('grid', { name: 'Flows' });
    const [stream] = FakeEventSource.open;
    const reads = () => api.sent.filter(({ path }) => path === '/flows').length;
    const before = reads();

    act(() => {
      stream?.dispatchEvent(new Event('error'));
    });
    expect(screen.queryByText(/connection lost/)).toBeNull();
    act(() => {
      stream?.dispatchEvent(new Event('open'));
    });

    await waitFor(() => expect(reads()).toBeGreaterThan(before));
  });
});
