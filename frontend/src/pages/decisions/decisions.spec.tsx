import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aDecision, aGrant, aRun } from '../../../test/factories.js';
import { aPage, aProblem, FakeEventSource } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';
import { deciderWords } from './decider-words.js';

const others = aDecision({ step: 'other', question: 'Close the books?', mayDecide: false, deciders: ['owner'] });

describe('questions of runs', () => {
  it('stand on the approvals screen, those that the reader may answer first, and are answered there', async () => {
    let open = [others, aDecision()];
    const { api, user } = renderApp('/approvals?view=questions', {
      'GET /decisions': () => ({ body: aPage(open) }),
      'POST /runs/run_1/steps/ask/decide': () => {
        open = [others];
        return { body: aRun() };
      },
    });
    const cards = await screen.findAllByRole('article');
    expect(cards.map((card) => card.getAttribute('aria-label'))).toEqual([
      'Pay out 4,200 EUR to Ada?',
      'Close the books?',
    ]);
    expect(screen.getByText('An owner decides this.')).toBeTruthy();
    expect(await breaches()).toEqual([]);
    const [first = document.body] = cards;
    await user.click(within(first).getByRole('button', { name: 'Approve' }));
    await waitFor(() => expect(api.last('POST /runs/run_1/steps/ask/decide').body).toEqual({ decision: 'approved' }));
    await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(1));
  });

  it('says in place why an answer was not taken', async () => {
    const { user } = renderApp('/approvals?view=questions', {
      'GET /decisions': aPage([aDecision()]),
      'POST /runs/run_1/steps/ask/decide': () => aProblem(409, 'run.not_asking', 'Somebody decided this already.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Approve' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Somebody decided this already.');
  });

  it('count with the requests for grants in the navigation, and come by themselves', async () => {
    let open = [aDecision({ mayDecide: false })];
    renderApp('/approvals?view=questions', {
      'GET /grants': aPage([aGrant({ mayDecide: false })]),
      'GET /decisions': () => ({ body: aPage(open) }),
    });
    const navigation = within(await screen.findByRole('navigation', { name: 'Main' }));
    expect(await navigation.findByRole('link', { name: /^Approvals\s*2\s*waiting$/ })).toBeTruthy();
    open = [aDecision(), others];
    FakeEventSource.open[0]?.say('changed', { topic: 'runs' });
    expect(await navigation.findByRole('link', { name: /^Approvals\s*3\s*waiting for you$/ })).toBeTruthy();
  });

  it('say what stands here while there are none', async () => {
    renderApp('/approvals?view=questions');
    expect(await screen.findByRole('heading', { name: 'No run asks for a decision' })).toBeTruthy();
    expect(screen.getByRole('link', { name: /^Questions of runs/ }).getAttribute('aria-current')).toBe('page');
    expect(screen.getByRole('link', { name: /^Grants/ }).getAttribute('aria-current')).toBeNull();
  });

  it.each([
    [['approver', 'admin', 'owner'], 'An approver, admin or owner decides this.'],
    [['builder'], 'A builder decides this.'],
  ] as const)('name who decides: %s', (deciders, words) => {
    expect(deciderWords(deciders)).toBe(words);
  });
});
