import { describe, expect, it } from 'vitest';
import { coversRequest } from './call-template.js';

describe('coversRequest', () => {
  it.each([
    ['POST /v1/refunds', 'POST', '/v1/refunds', true],
    ['POST /v1/refunds', 'GET', '/v1/refunds', false],
    ['POST /v1/refunds', 'POST', '/v1/refunds/', false],
    ['POST /v1/refunds', 'POST', '/v1/refunds/re_1', false],
    ['POST /v1/refunds', 'POST', '/v1/charges', false],
    ['GET /v1/charges/{charge}', 'GET', '/v1/charges/ch_1', true],
    ['GET /v1/charges/{charge}', 'GET', '/v1/charges/ada%40example.com', true],
    ['GET /v1/charges/{charge}', 'GET', '/v1/charges/', false],
    ['GET /v1/charges/{charge}', 'GET', '/v1/charges/ch_1/dispute', false],
    ['GET /v1/charges/{charge}', 'GET', '/v1/charges/..%2Frefunds', false],
    ['GET /v1/charges/{charge}', 'GET', '/v1/charges/a%5Cb', false],
    ['GET /v1/charges/*', 'GET', '/v1/charges', true],
    ['GET /v1/charges/*', 'GET', '/v1/charges/ch_1/refunds', true],
    ['GET /v1/charges/*', 'GET', '/v1/chargesx', false],
    ['GET /v1/charges/*', 'GET', '/v1/charges/%2e%2e/refunds', false],
    ['ANY /*', 'DELETE', '/a%2Fb', true],
    ['ANY /v1/a', 'DELETE', '/v1/a', true],
    ['', 'GET', '/', false],
    ['SMTP message', 'GET', 'message', false],
  ])('%j and %s %s: %s', (call, method, pathname, expected) => {
    expect(coversRequest(call, { method, pathname })).toBe(expected);
  });
});
