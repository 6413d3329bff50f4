import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connectorDescriptionSchema } from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import { callsSomebody } from '../../test/connector-checks.js';
import { subjects } from '../../test/connector-subjects.js';
import { catalogue, connectors } from './registry.js';

const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What computes and reaches nothing. */
const harmless = new Set(['zod', 'croner', 'saxes', 'temporal-polyfill', 'node:crypto']);

function file(id: string, name: string): URL {
  return new URL(`./${id}/${name}`, import.meta.url);
}

describe('registry', () => {
  it('lists every folder, under the connector’s own id', () => {
    expect(Object.keys(connectors).sort()).toEqual(folders.sort());
    for (const [id, { base }] of Object.entries(connectors)) expect(base.id).toBe(id);
  });

  it('finds nothing under a name that every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect([connectors[name], catalogue[name]]).toEqual([undefined, undefined]);
  });

  it.each(Object.entries(connectors))(
    '%s has a README, and a double that the contract knows if it calls anyone',
    (id, connector) => {
      const calls = callsSomebody(connector);
      expect(existsSync(file(id, 'README.md'))).toBe(true);
      expect([existsSync(file(id, 'double.ts')), id in subjects]).toEqual([calls, calls]);
    },
  );

  it.each(folders)(
    '%s imports only the connector kit, packages that open nothing and its own folder; its double only the kit’s types and the frame of stand-ins',
    (id) => {
      const sources = readdirSync(file(id, ''), { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'),
      );
      for (const name of sources) {
        const text = readFileSync(file(id, name), 'utf8');
        const imports = [...text.matchAll(/^(import type|import|export) ([^;]*?) ?from '(.+)';/gm)];
        const isDouble = /^double(?:-[\w-]+)?\.ts$/.test(name);
        for (const [, verb, what = '', from = ''] of imports) {
          const isFrame = /^\{ (?:(?:reply|standIn|databaseStandIn|type \w+),? )+\}$/.test(what);
          const isKit = /^@sluice\/shared\/(?:connector|lib)$/.test(from);
          const isOwn =
            from.startsWith('./') || (from.startsWith('../') && name.includes('/') && !from.startsWith('../../'));
          const isPart = /^\.\/double-[\w-]+\.js$/.test(from);
          expect(
            isDouble ? isPart || (isKit && (verb === 'import type' || isFrame)) : isKit || isOwn || harmless.has(from),
            `${id}/${name} imports ${from}`,
          ).toBe(true);
        }
      }
    },
  );
});

describe('catalogue', () => {
  it.each(Object.entries(catalogue))('%s is plain data that survives the wire', (_, description) => {
    expect(connectorDescriptionSchema.parse(JSON.parse(JSON.stringify(description)))).toEqual(
      JSON.parse(JSON.stringify(description)),
    );
  });

  it('gives patterns that hold without flags, as a browser reads them', () => {
    const patterns = [...JSON.stringify(catalogue).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
    expect(patterns.length).toBeGreaterThan(5);
    for (const [, pattern = ''] of patterns) expect(() => new RegExp(JSON.parse(pattern), 'u')).not.toThrow();
  });

  it('gives each action’s fields a title, for its form', () => {
    for (const { id, actions } of Object.values(catalogue)) {
      for (const { id: action, input } of actions) {
        for (const [name, field] of Object.entries(Object(input.properties))) {
          expect(field, `${id} ${action} ${name}`).toMatchObject({ title: expect.any(String) });
        }
      }
    }
  });
});
