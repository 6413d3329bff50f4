import { describe, expect, it } from 'vitest';
import { anEntry } from '../../../test/factories.js';
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

  it('falls back on the subject', () => {
    expect(aboutText(anEntry({ detail: {} }))).toBe('grant grn_1');
    expect(actorName(anEntry({ actor: { kind: 'run', id: 'run_01a20392eb82000108edbb107c9750bf7c3a' } }))).toBe(
      'run_01a203…bf7c3a',
    );
  });
});
