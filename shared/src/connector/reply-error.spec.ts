import { describe, expect, it } from 'vitest';
import { replyError } from './reply-error.js';

function reply(status: number, headers: Record<string, string> = {}) {
  return { status, headers, body: null };
}

describe('replyError', () => {
  it.each([200, 204, 301, 399])('takes %i as an answer', (status) => {
    expect(replyError(reply(status), 'The service')).toBeNull();
  });

  it.each([
    [400, 'rejected', false],
    [401, 'unauthorized', false],
    [403, 'unauthorized', false],
    [404, 'rejected', false],
    [408, 'unavailable', false],
    [422, 'rejected', false],
    [429, 'rate-limited', false],
    [500, 'unavailable', true],
    [502, 'unavailable', true],
    [503, 'unavailable', false],
    [504, 'unavailable', true],
  ])('reads %i as %s, uncertain: %s', (status, code, uncertain) => {
    expect(replyError(reply(status), 'The service')).toMatchObject({ code, uncertain, status });
  });

  it('says who answered what', () => {
    expect(replyError(reply(422), 'HubSpot', 'no such property')?.message).toBe(
      'HubSpot answered 422: no such property',
    );
    expect(replyError(reply(422), 'HubSpot')?.message).toBe('HubSpot answered 422.');
  });

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 30],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT', date: 'Wed, 21 Oct 2026 07:28:30 GMT' }, 0],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
  ])('reads Retry-After %j as %s', (headers, seconds) => {
    expect(replyError(reply(429, headers), 'The service')?.retryAfterSeconds).toBe(seconds);
  });
});
