import { writeFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { drawnFlow } from './flows/drawn.mjs';
import { openHouse } from './house.mjs';
import { changing, openTime, pace, settled, stepInView } from './editor-measures.mjs';

// How the editor feels with a large flow, in Chromium: the time to open, frames while it is panned, zoomed and dragged,
// what 500 operations leave in memory, and what the browser has to load.

const targets = {
  'open 300 steps, ms': 1000,
  'pan p95 frame, ms': 20,
  'zoom p95 frame, ms': 20,
  'drag p95 frame, ms': 20,
  'heap after 500 operations, ratio': 1.1,
  'first load, kB gzipped': 300,
  'editor more, kB gzipped': 350,
};

const { values } = parseArgs({
  options: { json: { type: 'string' }, steps: { type: 'string', default: '300' }, shots: { type: 'string' } },
});
const steps = Number(values.steps);
if (!(steps >= 2 && steps <= 2000)) {
  process.stderr.write('Usage: npm run bench:editor -- [--steps 2..2000] [--json FILE] [--shots DIR]\n');
  process.exit(2);
}

const house = await openHouse({});
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--disable-gpu', '--enable-precise-memory-info', '--js-flags=--expose-gc', ...asRoot],
});
const results = {};
try {
  const flow = await house.call('POST', '/flows', { name: `Drawn with ${steps} steps` });
  await house.call('PUT', `/flows/${flow.id}/draft`, { document: drawnFlow(steps) });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const [name, value] = house.cookie().split('=');
  await context.addCookies([{ name, value, url: house.product.url }]);
  const page = await context.newPage();
  const loaded = new Set();
  page.on('response', (reply) => {
    const path = new URL(reply.url()).pathname;
    if (path.endsWith('.js')) loaded.add(path.split('/').at(-1));
  });

  await page.goto(`${house.product.url}/flows`);
  await page.getByRole('heading', { name: 'Flows' }).waitFor();
  const first = new Set(loaded);
  results['first load, kB gzipped'] = sizeOf(first);
  results[`open ${steps} steps, ms`] = await openTime(page, `Drawn with ${steps} steps`);
  // The tour of a first visit is in the way of the pointer.
  await page.keyboard.press('Escape');
  await settled(page);
  results['editor more, kB gzipped'] = sizeOf([...loaded].filter((file) => !first.has(file)));
  if (values.shots !== undefined) await page.screenshot({ path: join(values.shots, 'editor-full.png') });

  const canvas = await page.locator('.react-flow').boundingBox();
  const middle = { x: canvas.x + canvas.width / 2, y: canvas.y + canvas.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  const view = { selector: '.react-flow__viewport', attribute: 'style' };
  results['pan p95 frame, ms'] = await changing(page, {
    ...view,
    act: () => pace(page, () => page.mouse.wheel(0, 30)),
  });
  await page.keyboard.down('Control');
  let way = 1;
  results['zoom p95 frame, ms'] = await changing(page, {
    ...view,
    act: () =>
      pace(page, (at) => {
        if (at % 20 === 0) way = -way;
        return page.mouse.wheel(0, 12 * way);
      }),
  });
  await page.keyboard.up('Control');
  await page.keyboard.press('1');
  await settled(page);
  const step = await stepInView(page);
  const selector = `.react-flow__node[data-id="${step.id}"]`;
  await page.mouse.move(step.x, step.y);
  await page.mouse.down();
  results['drag p95 frame, ms'] = await changing(page, {
    selector,
    attribute: 'style',
    act: () => pace(page, (at) => page.mouse.move(step.x + at * 3, step.y + at * 2)),
  });
  await page.mouse.up();

  const heap = () =>
    page.evaluate(async () => {
      for (let at = 0; at < 4; at += 1) {
        globalThis.gc?.();
        await new Promise((done) => setTimeout(done, 100));
      }
      return performance.memory.usedJSHeapSize;
    });
  const operate = async (times) => {
    // The dragged step is off, and on again: the drawing stays as it is and only a leak grows.
    for (let at = 0; at < times; at += 1) await page.keyboard.press('d');
    await settled(page);
  };
  await page.locator(selector).click();
  await changing(page, { selector, attribute: 'aria-label', act: () => operate(1) });
  await changing(page, { selector, attribute: 'aria-label', act: () => operate(1) });
  // As many as the editor takes back: what it remembers of them grows no more.
  await operate(200);
  const before = await heap();
  await operate(500);
  results['heap after 500 operations, ratio'] = (await heap()) / before;
  results['heap, MB'] = before / 1024 ** 2;
} finally {
  await browser.close();
  await house.close();
}

const missed = Object.keys(results).filter((name) => name in targets && results[name] > targets[name]);
for (const [name, figure] of Object.entries(results)) {
  const target = targets[name] === undefined ? '' : `target ${targets[name]}`;
  process.stdout.write(
    `${name.padEnd(36)} ${figure.toFixed(figure < 10 ? 2 : 0).padStart(8)}   ${target}${missed.includes(name) ? ', missed' : ''}\n`,
  );
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ steps, results, targets, missed }, null, 2)}\n`);

function sizeOf(files) {
  const folder = fileURLToPath(new URL('../frontend/dist/assets', import.meta.url));
  const known = new Set(readdirSync(folder));
  return [...files]
    .filter((file) => known.has(file))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000, 0);
}
