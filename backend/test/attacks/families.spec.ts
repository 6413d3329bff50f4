import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const familySchema = z.strictObject({
  id: z.string().regex(/^[FT]\d{1,2}$/),
  title: z.string().max(40),
  /** Which of its probes wait for a room that is not built, and why. */
  later: z.string().min(20).optional(),
});
const families = z
  .array(familySchema)
  .parse(JSON.parse(readFileSync(new URL('families.json', import.meta.url), 'utf8')));

/** Titles of describe, it and test that name a family, in all specs and journeys. */
async function namedTests(): Promise<string[]> {
  const titles: string[] = [];
  for (const pattern of ['{shared,backend,frontend}/{src,test}/**/*.spec.{ts,tsx}', 'e2e/journeys/**/*.e2e.ts']) {
    for await (const path of glob(pattern, { cwd: root })) {
      const text = readFileSync(`${root}${path}`, 'utf8');
      titles.push(
        ...[...text.matchAll(/\b(?:describe|it|test)\b[^\n]*?\(\s*['"`]([^'"`\n]*\b[FT]\d{1,2}\b[^'"`\n]*)/g)].map(
          ([, title = '']) => title,
        ),
      );
    }
  }
  return titles;
}

describe('the families of attacks', () => {
  it('are the nineteen that peers fell to, each once, and the TLS and the log that all of them lean on', () => {
    const ids = [...Array.from({ length: 19 }, (_, n) => `F${n + 1}`), 'T2', 'T3'];
    expect(families.map(({ id }) => id)).toEqual(ids);
  });

  it('each have tests that are named after them, also those of which a part waits', async () => {
    const titles = await namedTests();
    expect(titles.length).toBeGreaterThan(30);
    const untested = families.filter(({ id }) => !titles.some((title) => new RegExp(`\\b${id}\\b`).test(title)));
    expect(untested.map(({ id }) => id)).toEqual([]);
  });

  it('are the only ones that tests are named after', async () => {
    const known = new Set(families.map(({ id }) => id));
    const strange = (await namedTests()).filter((title) =>
      (title.match(/\b[FT]\d{1,2}\b/g) ?? []).some((id) => !known.has(id)),
    );
    expect(strange).toEqual([]);
  });
});
