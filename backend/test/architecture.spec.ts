import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configVariables, readConfig } from '../src/config/env.js';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
/** Of .env, for the containers alone. */
const composeOnly = ['POSTGRES_PASSWORD', 'WORKER_PASSWORD'];
const lines = [...example.matchAll(/^#(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => ({ name, value }));

describe('.env.example', () => {
  it('names every variable once, in any order, and nothing else', () => {
    const documented = lines.map(({ name }) => name).filter((name) => !composeOnly.includes(name));
    expect(documented.toSorted()).toEqual(configVariables.map(({ name }) => name).toSorted());
  });

  it('shows the defaults as they are', () => {
    const shown = Object.fromEntries(lines.map(({ name, value }) => [name, value]));
    for (const { name, default: fallback } of configVariables) {
      if (fallback !== null && !fallback.includes('HOST')) expect(shown[name], name).toBe(fallback);
    }
    expect(
      readConfig(
        Object.fromEntries(
          configVariables.map(({ name, default: value }) => [name, value?.includes('HOST') ? '' : (value ?? '')]),
        ),
      ),
    ).toEqual(readConfig({}));
  });

  it('shows values that are accepted', () => {
    expect(() =>
      readConfig(
        Object.fromEntries(
          // These stand only together with what nobody shows in an example.
          lines
            .filter(({ name }) => !/^SLUICE_(ADMIN_EMAIL|S3_|WITNESS_)/.test(name))
            .map(({ name, value }) => [name, value]),
        ),
      ),
    ).not.toThrow();
  });
});
