import { describe, expect, it } from 'vitest';
import { anEntry } from '../../../test/factories.js';
import { questions } from './AuditFilters.js';
import { aboutText, actionWords, actorName, toneOfAction } from './audit-words.js';

describe('an entry in words', () => {
  it.each([
    ['grant.approved', 'approved', 'grant', 'decision'],
    ['step.intent', 'intends', 'step', 'plain'],
    ['event.refused', 'refused', 'event', 'failed'],
    ['auth.sign_in_refused', 'sign in refused', 'auth', 'failed'],
    ['step.in_doubt', 'in doubt', 'step', 'in-doubt'],
    ['started', 'started', '', 'plain'],
  ])('%s is %s %s', (action, verb, noun, tone) => {
    expect(actionWords(action)).toEqual({ verb, noun });
    expect(toneOfAction(action)).toBe(tone);
  });

  it('leaves hashes out and shortens ids', () => {
    const detail = {
      connection: 'con_01a20392e0ae0000aef11998afc4d9235075',
      commitment: 'bzb5wi8Tiwm7HgQ2bzb5wi8Tiwm7HgQ2bzb5wi8Tiwm7HgQ',
      host: 'api.example.com',
      status: 200,
    };

    expect(aboutText(anEntry({ step: 'post', detail }))).toBe('step post, con_01a203…235075, api.example.com, 200');
  });

  it('names the flow instead of its run or endpoint', () => {
    const flow = { id: 'flw_1', name: 'Payment to CRM' };
    const run = { kind: 'run', id: 'run_01a20392eb82000108edbb107c9750bf7c3a' };
    expect(actorName(anEntry({ actor: run, flow }))).toBe('Payment to CRM');
    expect(aboutText(anEntry({ actor: run, flow, step: 'post', detail: {} }))).toBe('step post');
    expect(aboutText(anEntry({ flow, detail: {} }))).toBe('Payment to CRM');
  });

  it('falls back on the subject', () => {
    expect(aboutText(anEntry({ detail: {} }))).toBe('grant grn_1');
    const done = ['clean', 'big', 'tidy'].map((step) => ({ step, kind: 'transform', port: 'next' }));
    expect(aboutText(anEntry({ detail: { done } }))).toBe('steps clean, big and 1 more');
    expect(aboutText(anEntry({ detail: { steps: ['small'] } }))).toBe('step small');
    expect(actorName(anEntry({ actor: { kind: 'run', id: 'run_01a20392eb82000108edbb107c9750bf7c3a' } }))).toBe(
      'run_01a203…bf7c3a',
    );
  });
});

const recorded = [
  'auth.sign_in_refused',
  'event.refused',
  'key.retired',
  'keys.log_rotated',
  'keys.root_rotated',
  'keys.rotated',
  'killswitch.set',
  'request.refused',
  'run.field_revealed',
  'run.file_downloaded',
  'run.started',
  'runs.dropped',
  'runs.retry_cancelled',
  'runs.retry_ended',
  'runs.retry_started',
];

describe('a question of the log', () => {
  it.each([
    ['Runs', recorded.filter((action) => /^runs?\./.test(action))],
    ['Runs retried together', ['runs.retry_cancelled', 'runs.retry_ended', 'runs.retry_started']],
    ['Requests refused', ['request.refused']],
    ['Who saw a value', ['run.field_revealed']],
    ['Who saved a file', ['run.file_downloaded']],
    ['Keys', ['key.retired', 'keys.log_rotated', 'keys.root_rotated', 'keys.rotated']],
  ])('%s asks for what it says', (label, actions) => {
    const asked = questions.find((question) => question.label === label)?.value ?? 'none';
    expect(recorded.filter((action) => action.startsWith(asked))).toEqual(actions);
  });
});
