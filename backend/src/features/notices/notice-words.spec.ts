import { noticeKinds } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { mailOf } from './notice-mail.js';
import { linkOf, titleOf, type Told } from './notice-words.js';

const failed: Told = {
  kind: 'run.failed',
  about: { kind: 'run', id: 'run_1', name: 'Receipts', flow: 'flw_1', environment: 'production', run: 'run_1' },
  detail: {},
  count: 1,
};

describe('the words of a notice', () => {
  it('lead to the run, or to the list of many', () => {
    expect([titleOf(failed), linkOf(failed)]).toEqual(['Receipts failed in production', '/runs/run_1']);
    const many = { ...failed, count: 34 };
    expect(titleOf(many)).toBe('Receipts failed 34 times in production');
    expect(linkOf(many)).toBe('/runs?flow=flw_1&environment=production&status=failed');
  });

  it('say how many times a flow was due, and lead to its schedule', () => {
    const missed: Told = { ...failed, kind: 'schedule.missed', detail: { slots: 3, last: '2026-11-27T07:00:00.000Z' } };
    expect([titleOf(missed), linkOf(missed)]).toEqual([
      'Receipts in production was due and did not run, 3 times',
      '/schedules',
    ]);
    expect(titleOf({ ...missed, detail: { slots: 1 } })).toBe('Receipts in production was due and did not run');
    expect(titleOf({ ...missed, count: 2 })).toBe('Receipts in production was due and did not run, again and again');
  });

  it('say whose access is due, and whose soon', () => {
    const due: Told = { ...failed, kind: 'access_review.due', detail: { due: 1, soon: 0 } };
    expect([titleOf(due), linkOf(due)]).toEqual(['The access of 1 member is to be looked at', '/reviews?view=access']);
    expect(titleOf({ ...due, detail: { due: 2, soon: 3 } })).toBe(
      'The access of 2 members is to be looked at, and of 3 more within 14 days',
    );
    expect(titleOf({ ...due, detail: { due: 0, soon: 3 } })).toBe(
      'The access of 3 members is to be looked at within 14 days',
    );
  });

  it('exist for every kind', () => {
    for (const kind of noticeKinds) {
      expect(titleOf({ ...failed, kind })).toMatch(/^[A-Z].{10,}[^.]$/);
      expect(linkOf({ ...failed, kind })).toMatch(/^\/[a-z]/);
    }
  });

  it('keep a name with line breaks from adding a header or a line of its own to a mail', () => {
    const named = { ...failed, about: { ...failed.about, name: 'A\r\nBcc: eve@example.com' } };
    const to = {
      id: 'dlv_1',
      to: 'ada@example.com',
      workspace: 'Acme',
      origin: 'https://s.example',
      firstAt: new Date(),
    };
    const { subject, text } = mailOf(named, to);
    expect(subject).toBe('[Sluice] A Bcc: eve@example.com failed in production');
    expect(text).not.toMatch(/^Bcc:/m);
  });
});
