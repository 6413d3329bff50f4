import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { aMe, aPass, aRun, aStep, aWholeRun } from '../../../test/factories.js';
import { aPage, aProblem } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';

// The drawing needs a canvas with a size; the editor's own tests look at it.
vi.mock('./RunGraphPane.js', () => ({ RunGraphPane: () => null }));

const asks = aStep({
  id: 'ask',
  name: 'Ask the desk',
  kind: 'approval',
  status: 'waiting',
  endedAt: null,
  ask: {
    kind: 'approval',
    question: 'Pay out 4,200 EUR?',
    details: { order: '40817' },
    deciders: ['approver', 'owner'],
    mayDecide: true,
  },
});
const waiting = aWholeRun({ status: 'waiting', endedAt: null, steps: [aStep(), asks] });

describe('a run that waits', () => {
  it('puts its question to who may decide, and takes the answer with a note', async () => {
    const { api, user } = renderApp('/runs/run_1', {
      'GET /runs/run_1': waiting,
      'POST /runs/run_1/steps/ask/decide': aRun(),
    });
    const panel = within(await screen.findByRole('complementary', { name: 'Ask the desk' }));
    expect(panel.getByRole('heading', { name: 'Pay out 4,200 EUR?' })).toBeTruthy();
    expect(panel.getByText('40817')).toBeTruthy();
    expect(await breaches()).toEqual([]);
    await user.type(panel.getByRole('textbox', { name: 'Note, kept with the decision' }), 'Checked');
    await user.click(panel.getByRole('button', { name: 'Refuse' }));
    await waitFor(() =>
      expect(api.last('POST /runs/run_1/steps/ask/decide').body).toEqual({ decision: 'refused', note: 'Checked' }),
    );
  });

  it('says that it stands in line', async () => {
    renderApp('/runs/run_1', { 'GET /runs/run_1': { ...waiting, inLine: true, steps: [] } });
    expect(await screen.findByText('This run waits for its turn')).toBeTruthy();
  });

  it('says who decides to everybody else', async () => {
    const ask = asks.ask && { ...asks.ask, mayDecide: false };
    renderApp('/runs/run_1', { 'GET /runs/run_1': { ...waiting, steps: [{ ...asks, ask }] } });
    const panel = within(await screen.findByRole('complementary', { name: 'Ask the desk' }));
    expect(panel.getByText('An approver or owner decides this.')).toBeTruthy();
    expect(panel.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  it('asks nobody any more once it was cancelled', async () => {
    renderApp('/runs/run_1?step=ask', {
      'GET /runs/run_1': { ...waiting, status: 'cancelled', endedAt: '2026-11-20T13:30:00.000Z' },
    });
    await screen.findByRole('complementary', { name: 'Ask the desk' });
    expect(screen.queryByText('Pay out 4,200 EUR?')).toBeNull();
  });

  it('leads to the run it began, to the one that began it, and to the one it tries again', async () => {
    const child = aStep({
      id: 'other',
      kind: 'subflow',
      name: 'Other flow',
      status: 'waiting',
      child: 'run_child',
      ask: { kind: 'subflow', question: null, details: {}, deciders: [], mayDecide: false },
    });
    renderApp('/runs/run_1?step=other', {
      'GET /runs/run_1': aWholeRun({
        startedBy: 'retry',
        parent: { run: 'run_parent', step: 'call', waits: true },
        retryOf: 'run_before',
        steps: [child],
      }),
    });
    const panel = within(await screen.findByRole('complementary', { name: 'Other flow' }));
    const hrefs = (links: HTMLElement[]) => links.map((link) => link.getAttribute('href'));
    expect(hrefs(panel.getAllByRole('link'))).toContain('/runs/run_child');
    expect(hrefs(screen.getAllByRole('link'))).toEqual(
      expect.arrayContaining(['/runs/run_parent', '/runs/run_before']),
    );
  });
});

describe('a loop in a run', () => {
  const loop = aStep({
    id: 'lines',
    name: 'Each line',
    kind: 'forEach',
    passes: { total: 3, begun: 3, failed: 1 },
  });
  const post = (index: number, more = {}) =>
    aStep({ id: 'post', key: `post[${index}]`, name: 'Post line', inside: 'lines', ...more });
  const failed = aPass({
    at: '[2]',
    index: 2,
    status: 'failed',
    error: { step: 'post', code: 'http.refused', message: 'The service said no.' },
    steps: [post(2, { status: 'failed', error: { code: 'http.refused', message: 'The service said no.' } })],
  });

  function openLoop() {
    return renderApp('/runs/run_1?step=lines', {
      'GET /runs/run_1': aWholeRun({ steps: [loop] }),
      'GET /runs/run_1/passes': ({ query }) => ({
        body: query.get('cursor')
          ? { ...aPage([aPass({ at: '[1]', index: 1, steps: [post(1)] })]), total: 3 }
          : { ...aPage([failed, aPass({ steps: [post(0)] })], 'more'), total: 3 },
      }),
    });
  }

  it('is one line, with its passes page by page, failed ones first', async () => {
    const { api, user } = openLoop();
    const panel = within(await screen.findByRole('complementary', { name: 'Each line' }));
    expect(await panel.findByRole('button', { name: /^Pass 3.*post: The service said no/ })).toBeTruthy();
    expect(panel.getByText('3 of 3, 1 failed')).toBeTruthy();
    expect(panel.getAllByRole('button', { name: /^Pass / })).toHaveLength(2);
    // Never a claim about what was not read.
    expect(screen.getByText(/Without 3 passes of its loops/)).toBeTruthy();
    expect(screen.queryByText(/^Nothing outside/)).toBeNull();
    await user.click(panel.getByRole('button', { name: 'Show more of 3' }));
    expect(await panel.findByRole('button', { name: /^Pass 2/ })).toBeTruthy();
    expect(api.last('GET /runs/run_1/passes').query.get('step')).toBe('lines');
    expect(await breaches()).toEqual([]);
  });

  it('lists what its passes sent, each with an address of its step', async () => {
    const sent = {
      step: 'post[2]',
      name: 'Post line',
      attempt: 1,
      at: '2026-11-20T13:26:44.018Z',
      connection: 'con_1',
      grant: 'grt_1',
      scopes: ['orders.write'],
      effect: 'keyed',
      key: 'k4Vd0c1',
      classes: ['personal'],
      status: 'failed',
      host: 'api.example.com',
      method: 'POST',
      path: '/lines',
      answer: 422,
      bytes: 120,
    };
    const { user, router } = renderApp('/runs/run_1?step=lines', {
      'GET /runs/run_1': aWholeRun({ steps: [loop] }),
      'GET /runs/run_1/passes': { ...aPage([failed]), total: 3 },
      'GET /runs/run_1/calls': { ...aPage([sent]), total: 1, hosts: 1 },
      'GET /runs/run_1/steps/post%5B2%5D/passes': { items: [{ loop: 'lines', pass: failed }] },
    });
    expect(await screen.findByText('api.example.com')).toBeTruthy();
    const call = within(screen.getByText('scopes orders.write').parentElement ?? document.body);
    expect(call.getByRole('link').getAttribute('href')).toBe('/approvals?open=grt_1');
    for (const word of ['keyed', 'k4Vd0c1', 'personal']) expect(call.getByText(word)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Post line, pass 3' }));
    expect(router.state.location.search).toEqual({ step: 'post[2]' });
    const step = within(await screen.findByRole('complementary', { name: 'Post line' }));
    expect(step.getByRole('alert').textContent).toContain('The service said no.');
    expect(await breaches()).toEqual([]);
  });

  it('shows what the log holds of a step, each entry with its place there', async () => {
    const entry = { id: 'ent_7', at: '2026-11-20T13:26:44.018Z', action: 'step.intent', attempt: 1 };
    const { user } = renderApp('/runs/run_1?step=post', {
      'GET /runs/run_1': aWholeRun({ steps: [aStep({ id: 'post', name: 'Post' })] }),
      'GET /runs/run_1/steps/post/entries': aPage([entry]),
    });
    const panel = within(await screen.findByRole('complementary', { name: 'Post' }));
    await user.click(panel.getByRole('tab', { name: 'Log' }));
    const link = await panel.findByRole('link', { name: 'step.intent, try 1' });
    expect(link.getAttribute('href')).toBe('/audit?run=run_1&q=ent_7&open=ent_7');
    expect(await breaches()).toEqual([]);
  });

  it('opens a pass to its steps, in the panel and below the loop, and one of them to look at', async () => {
    const { user } = openLoop();
    const panel = within(await screen.findByRole('complementary', { name: 'Each line' }));
    await user.click(await panel.findByRole('button', { name: /^Pass 3/ }));
    await user.click(await panel.findByRole('button', { name: /^Post line\s*Failed/ }));
    const step = within(await screen.findByRole('complementary', { name: 'Post line' }));
    expect(step.getByRole('alert').textContent).toContain('The service said no.');
    expect(screen.getByRole('button', { name: /^Post line\s*pass 3/, pressed: true })).toBeTruthy();
    await user.click(step.getByRole('button', { name: 'pass 3' }));
    expect(await screen.findByRole('complementary', { name: 'Each line' })).toBeTruthy();
  });
});

describe('trying a run again', () => {
  const over = aWholeRun({
    status: 'failed',
    error: { step: 'mail', code: 'smtp.refused', message: 'The mail server said no.' },
    steps: [aStep(), aStep({ id: 'mail', name: 'Send receipt', status: 'failed' })],
  });
  const step = (id: string, plan: string, done: string | null = null) => ({ id, name: null, plan, done, effect: null });

  function openDialog(more = {}) {
    return renderApp('/runs/run_1', {
      'GET /runs/run_1': over,
      'GET /flows/flw_1': () => aProblem(404, 'flow.unknown', 'There is no such flow.'),
      'GET /runs/run_1/retry': ({ query }) => ({
        body:
          query.get('from') === 'start'
            ? { version: 13, steps: [step('books', 'repeats', 'yes'), step('mail', 'repeats', 'unknown')] }
            : { version: 13, steps: [step('books', 'kept', 'yes'), step('crm', 'safe'), step('mail', 'runs', 'no')] },
      }),
      'POST /runs/run_1/retry': () => ({ status: 201, body: aRun({ id: 'run_2', retryOf: 'run_1' }) }),
      'GET /runs/run_2': aWholeRun({ id: 'run_2', retryOf: 'run_1' }),
      ...more,
    });
  }

  it('says in words what would be done again, and what is kept', async () => {
    const { api, user, router } = openDialog();
    await user.click(await screen.findByRole('button', { name: 'Retry' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Retry this run' }));
    expect(await dialog.findByRole('heading', { name: /^Safe to repeat/ })).toBeTruthy();
    expect(dialog.getByRole('heading', { name: /^Kept as it was/ })).toBeTruthy();
    expect(dialog.getByRole('radio', { name: /^From Send receipt/ })).toHaveProperty('ariaChecked', 'true');
    expect(await breaches()).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Retry' }));
    await waitFor(() =>
      expect(api.last('POST /runs/run_1/retry').body).toEqual({ from: 'failed', version: 'same', repeat: [] }),
    );
    await waitFor(() => expect(router.state.location.pathname).toBe('/runs/run_2'));
  });

  it('begins only once each thing that would happen twice is ticked', async () => {
    const { api, user } = openDialog();
    await user.click(await screen.findByRole('button', { name: 'Retry' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Retry this run' }));
    await user.click(dialog.getByRole('radio', { name: /^From the start/ }));
    expect(await dialog.findByRole('heading', { name: 'Would happen again' })).toBeTruthy();
    const retry = dialog.getByRole('button', { name: 'Retry' });
    await user.click(dialog.getByRole('checkbox', { name: 'books' }));
    expect(retry).toHaveProperty('disabled', true);
    await user.click(dialog.getByRole('checkbox', { name: 'mail' }));
    await user.click(retry);
    await waitFor(() =>
      expect(api.last('POST /runs/run_1/retry').body).toMatchObject({ from: 'start', repeat: ['books', 'mail'] }),
    );
  });

  it('is not offered for a run that ended well, nor to who may not', async () => {
    const { unmount } = renderApp('/runs/run_1', { 'GET /runs/run_1': aWholeRun() });
    await screen.findByRole('link', { name: 'Proof' });
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
    unmount();
    openDialog({ 'GET /auth/me': aMe({ permissions: ['runs.read', 'audit.read'] }) });
    await screen.findByRole('link', { name: 'Proof' });
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });
});

describe('masked values', () => {
  const masked = aWholeRun({
    steps: [
      aStep({
        output: { id: '101', 'a.b': { email: 'qwertyuiop@masked.invalid' } },
        masked: [{ field: 'output.a~1b.email', class: 'personal' }],
      }),
    ],
  });
  const soon = () => new Date(Date.now() + 240_000).toISOString();

  async function openOutput(user: ReturnType<typeof renderApp>['user']) {
    await user.click(await screen.findByRole('tab', { name: 'Output' }));
  }

  it('open one at a time, with a reason, and are covered again when their time is over', async () => {
    const { api, user } = renderApp('/runs/run_1?step=contact', {
      'GET /auth/me': aMe({ steppedUpUntil: soon() }),
      'GET /runs/run_1': masked,
      'POST /runs/run_1/reveal': () => ({
        body: { value: 'ada@example.com', class: 'personal', until: new Date(Date.now() + 2500).toISOString() },
      }),
    });
    await openOutput(user);
    expect(screen.getByRole('link', { name: 'Who saw values of this step' }).getAttribute('href')).toBe(
      '/audit?run=run_1&action=run.field_revealed&q=contact',
    );
    expect(await breaches()).toEqual([]);
    await user.click(screen.getByRole('button', { name: /Reveal output\.a~1b\.email, personal/ }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Reveal one value' }));
    expect(dialog.getByText(/logged before it is shown/)).toBeTruthy();
    await user.type(dialog.getByRole('textbox', { name: 'Why do you need to see it?' }), 'Order 12');
    await user.click(dialog.getByRole('button', { name: 'Reveal' }));
    expect(await screen.findByText('"ada@example.com"')).toBeTruthy();
    expect(api.last('POST /runs/run_1/reveal').body).toEqual({
      stepId: 'contact',
      field: 'output.a~1b.email',
      reason: 'Order 12',
    });
    await waitFor(() => expect(screen.queryByText('"ada@example.com"')).toBeNull(), { timeout: 8000 });
  }, 20_000);

  it('say why they stay covered, when the log can not be written and to who may not', async () => {
    const { user } = renderApp('/runs/run_1?step=contact', {
      'GET /auth/me': aMe({ steppedUpUntil: soon() }),
      'GET /runs/run_1': masked,
      'POST /runs/run_1/reveal': () => aProblem(503, 'audit.unwritable', 'The audit log could not be written.'),
    });
    await openOutput(user);
    await user.click(screen.getByRole('button', { name: /Reveal output/ }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Reveal one value' }));
    await user.type(dialog.getByRole('textbox'), 'x');
    await user.click(dialog.getByRole('button', { name: 'Reveal' }));
    expect(await screen.findByText('The audit log could not be written.')).toBeTruthy();
    expect(screen.queryByText('"ada@example.com"')).toBeNull();
  });

  it('have no button for somebody without the right', async () => {
    const { user } = renderApp('/runs/run_1?step=contact', {
      'GET /auth/me': aMe({ permissions: ['runs.read'] }),
      'GET /runs/run_1': masked,
    });
    await openOutput(user);
    expect(screen.getByText('"qwertyuiop@masked.invalid"').title).toContain('don’t let you see it');
    expect(screen.queryByRole('button', { name: /Reveal/ })).toBeNull();
  });
});

describe('sharing a run', () => {
  it('saves the file with its proof, byte by byte, for who may read the log', async () => {
    const saved: Blob[] = [];
    URL.createObjectURL = (blob) => {
      if (blob instanceof Blob) saved.push(blob);
      return 'blob:none';
    };
    URL.revokeObjectURL = () => undefined;
    const content = '{"blocks":[],"view":{"10":1,"9":2}}\n';
    const { user } = renderApp('/runs/run_1', {
      'GET /runs/run_1': aWholeRun(),
      'POST /runs/run_1/share': { name: 'sluice-run_1.json', content },
    });
    await user.click(await screen.findByRole('button', { name: 'Share' }));
    await waitFor(async () => expect(await saved[0]?.text()).toBe(content));
  });

  it('says why where the log is not sealed', async () => {
    const { user } = renderApp('/runs/run_1', {
      'GET /runs/run_1': aWholeRun(),
      'POST /runs/run_1/share': () => aProblem(503, 'audit.unsealed', 'The log is not sealed at the moment.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Share' }));
    expect(await screen.findByText('The log is not sealed at the moment.')).toBeTruthy();
  });
});
