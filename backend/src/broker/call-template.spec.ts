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
    ['POST /v4/{range}:append', 'POST', '/v4/A1%3AB2:append', true],
    ['POST /v4/{range}:append', 'POST', '/v4/A1:clear', false],
    ['POST /v4/{range}:append', 'POST', '/v4/:append', false],
    ['GET /v1/{id}.{format}', 'GET', '/v1/7.json', true],
    ['GET /v1/{id}.{format}', 'GET', '/v1/7.a.json', true],
    ['GET /v1/{id}.{format}', 'GET', '/v1/.json', false],
    ['GET /v1/{id}.{format}', 'GET', '/v1/7.', false],
    ['GET /v1/{id}.{format}', 'GET', '/v1/json', false],
    ['GET /v1/report-{id}', 'GET', '/v1/report-7', true],
    ['GET /v1/report-{id}', 'GET', '/v1/report-', false],
    ['GET /v1/report-{id}', 'GET', '/v1/other-7', false],
    ['GET /v1/({a},{b})', 'GET', '/v1/(1,2)', true],
    ['GET /v1/({a},{b})', 'GET', '/v1/(,)', false],
    ['GET /v1/{a}{b}', 'GET', '/v1/x', false],
    ['GET /v1/{a}{b}', 'GET', '/v1/xy', true],
    ['GET /v1/a{b}a', 'GET', '/v1/aa', false],
    ['', 'GET', '/', false],
    ['SMTP message', 'GET', 'message', false],
  ])('%j and %s %s: %s', (call, method, pathname, expected) => {
    expect(coversRequest(call, { method, pathname })).toBe(expected);
  });
});
