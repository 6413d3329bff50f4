import express from 'express';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { editorFiles } from './editor-files.js';

const script = 'export const gate = "open";';
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'editor-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/app-1.js'), script);
  writeFileSync(join(folder, 'assets/app-1.js.gz'), gzipSync(script));
  writeFileSync(join(folder, 'assets/font-1.woff2'), 'glyphs');
  server = express().use(editorFiles(folder)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** As it is on the wire: `fetch` would unpack it. */
async function get(path: string, encodings: string) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return await new Promise<{ type: string; encoding: string; vary: string; cache: string; body: Buffer }>((resolve) => {
    const headers = { 'accept-encoding': encodings };
    request({ host: '127.0.0.1', port: address.port, path, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({
          type: String(answer.headers['content-type']),
          encoding: String(answer.headers['content-encoding']),
          vary: String(answer.headers.vary),
          cache: String(answer.headers['cache-control']),
          body: Buffer.concat(parts),
        }),
      );
    }).end();
  });
}

it('sends the gzipped twin of a script to a browser that takes it', async () => {
  const answer = await get('/assets/app-1.js', 'gzip, br');
  expect(answer).toMatchObject({ encoding: 'gzip', vary: 'Accept-Encoding' });
  expect(answer.type).toContain('text/javascript');
  expect(answer.cache).toContain('immutable');
  expect(gunzipSync(answer.body).toString()).toBe(script);
});

it('sends the script itself to whoever does not, and a file without a twin to everyone', async () => {
  const plain = await get('/assets/app-1.js', 'identity');
  expect(plain).toMatchObject({ encoding: 'undefined', vary: 'Accept-Encoding' });
  expect(plain.body.toString()).toBe(script);
  const font = await get('/assets/font-1.woff2', 'gzip');
  expect(font).toMatchObject({ encoding: 'undefined' });
  expect(font.body.toString()).toBe('glyphs');
});
