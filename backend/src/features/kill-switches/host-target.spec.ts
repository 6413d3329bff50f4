import { expect, it } from 'vitest';
import { readHostTarget } from './host-target.js';

it.each([
  ['api.example.com', 'api.example.com'],
  ['API.Example.com.', 'api.example.com'],
  ['api.example.com:8443', 'api.example.com:8443'],
  ['api.example.com:443', 'api.example.com:443'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['127.1', '127.0.0.1'],
  ['0x7f000001:80', '127.0.0.1:80'],
  ['[::1]', '[::1]'],
  ['[0:0::1]:25', '[::1]:25'],
])('reads %s as the broker compares it', (text, host) => {
  expect(readHostTarget(text)).toBe(host);
});

it.each([
  '',
  ' ',
  'https://api.example.com',
  'api.example.com/path',
  'a@b',
  '*.example.com',
  'a..b',
  'a:0',
  'a:99999',
  'a:b',
  '::1',
  'a b',
])('takes %j for no host', (text) => {
  expect(readHostTarget(text)).toBeNull();
});
