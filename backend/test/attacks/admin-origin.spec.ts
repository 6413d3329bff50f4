import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectors } from '../../src/connectors/registry.js';
import { sendFile } from '../../src/platform/http/send-file.js';
import { securityHeaders } from '../../src/platform/http/security-headers.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('F15: no script of a stranger runs in the admin’s origin', () => {
  let policy: Record<string, string[]> = {};
  let headers = new Headers();
  const server = createServer(
    express()
      .use(securityHeaders({ isSecure: true }))
      .get('/', (_request, response) => void response.send('<script>alert(1)</script>'))
      .get('/file', (_request, response) => {
        sendFile(response, { name: 'a"\r\nx-evil: 1;é.html', bytes: 25 });
        response.end('<script>alert(1)</script>');
      }),
  );
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    ({ headers } = await fetch(`http://127.0.0.1:${port}/`));
    const directives = (headers.get('content-security-policy') ?? '').split(';');
    policy = Object.fromEntries(
      directives.map((directive) => {
        const [name = '', ...sources] = directive.trim().split(/\s+/);
        return [name, sources];
      }),
    );
  });
  afterAll(() => void server.close());

  it('a file that somebody sent is saved and never shown: no type of its own, no scripts, no origin', async () => {
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    const { headers: given } = await fetch(`http://127.0.0.1:${port}/file`);
    expect(Object.fromEntries(given)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="a___x-evil: 1;_.html"; filename*=UTF-8''a%22%0D%0Ax-evil%3A%201%3B%C3%A9.html`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(given.has('x-evil')).toBe(false);
  });

  it('only its own files are scripts: none in the markup, none of text, of data or of blobs', () => {
    expect(policy['script-src']).toEqual(["'self'"]);
    expect(policy['default-src']).toEqual(["'none'"]);
    for (const sources of Object.values(policy)) expect(sources).not.toContain('blob:');
    expect(Object.entries(policy).filter(([, sources]) => sources.includes("'unsafe-eval'"))).toEqual([]);
    expect(Object.keys(policy)).not.toContain('script-src-elem');
  });

  it('nobody frames it, changes its base or takes its forms', () => {
    expect(policy['frame-ancestors']).toEqual(["'none'"]);
    expect(policy['base-uri']).toEqual(["'none'"]);
    expect(policy['form-action']).toEqual(["'self'"]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('no page writes markup of text', async () => {
    const found: string[] = [];
    for await (const path of glob('frontend/src/**/*.{ts,tsx}', { cwd: root }))
      if (
        /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML\s*=|insertAdjacentHTML|document\.write|srcDoc/.test(
          readFileSync(root + path, 'utf8'),
        )
      )
        found.push(path);
    expect(found).toEqual([]);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'blob:https://a/b',
    ' javascript:alert(1)',
  ])('no address field takes %s', (url) => {
    expect(connectors['http']?.actions['request']?.input.safeParse({ method: 'GET', url }).success).toBe(false);
  });

  it('control: an address field takes an address', () => {
    const input = { method: 'GET', url: 'https://api.example.com/a?b=<c>' };
    expect(connectors['http']?.actions['request']?.input.safeParse(input).success).toBe(true);
  });
});
