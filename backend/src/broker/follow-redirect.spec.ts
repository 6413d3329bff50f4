import { describe, expect, it } from 'vitest';
import { parseHttpTarget } from './egress/target.js';
import { followRedirect } from './follow-redirect.js';

const here = 'https://api.example.com/v1/files/7?size=2';
const aRequest = (given: object = {}) => ({
  method: 'GET',
  url: here,
  headers: { accept: '*/*', Authorization: 'Bearer a', Cookie: 'b=c', 'X-Api-Key': 'd', Referer: here },
  body: null,
  redirects: 5,
  ...given,
});
const follow = (location: string | undefined, status = 302, given: object = {}) =>
  followRedirect(
    { wanted: aRequest(given), target: parseHttpTarget(here, ['api.example.com']) },
    { status, headers: location === undefined ? {} : { location } },
  );

describe('F8: followRedirect', () => {
  it.each([301, 302, 303, 307, 308])('control: goes on at the address of a %i, as it came', (status) => {
    expect(follow('/v1/other', status)).toEqual({
      ...aRequest({ url: 'https://api.example.com/v1/other' }),
      headers: { accept: '*/*', Authorization: 'Bearer a', Cookie: 'b=c', 'X-Api-Key': 'd' },
    });
  });

  it.each([
    'https://cdn.example.com/x',
    '//cdn.example.com/x',
    'https://api.example.com:8443/x',
    'https://evil.test\\@api.example.com/',
  ])('tells another host or port none of the proofs: %s', (location) => {
    expect(follow(location)?.headers).toEqual({ accept: '*/*' });
  });

  it.each([
    'http://api.example.com/',
    'HTTP://cdn.example.com/',
    'ftp://api.example.com/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:,x',
  ])('never steps down from https: %s', (location) => {
    expect(() => follow(location)).toThrow(/without encryption/);
  });

  it('refuses an address that is none', () => {
    expect(() => follow('https://')).toThrow(/no address/);
  });

  it.each([200, 204, 300, 304, 305, 400])('takes a %i for an answer', (status) => {
    expect(follow('/v1/other', status)).toBeNull();
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('takes the redirect of a %s for its answer', (method) => {
    expect(follow('/v1/other', 307, { method, body: '{}' })).toBeNull();
  });

  it('takes a redirect without an address for an answer', () => {
    expect(follow(undefined)).toBeNull();
  });
});
