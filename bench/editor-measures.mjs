/** Milliseconds from the click on a flow until its steps are drawn, with all that the click loads. */
export async function openTime(page, name) {
  const link = page.getByRole('link', { name, exact: true }).first();
  await link.waitFor();
  const began = await page.evaluate(() => performance.now());
  await link.click();
  await page.locator('.react-flow__node').first().waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return (await page.evaluate(() => performance.now())) - began;
}

/** Half a second for what rests, then two frames between which the drawing stands still. */
export async function settled(page) {
  await page.waitForTimeout(500);
  await page.waitForFunction(() => {
    const { transform } = document.querySelector('.react-flow__viewport').style;
    const stands = transform === globalThis.transformBefore;
    globalThis.transformBefore = transform;
    return stands;
  });
}

/** Where a step in view, not the trigger, can be taken by the mouse, and its id. */
export async function stepInView(page) {
  return await page.evaluate(() => {
    for (const node of document.querySelectorAll('.react-flow__node-step:not([data-id="start"])')) {
      const { left, top, width, height } = node.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const hit = document.elementFromPoint(x, y);
      if (hit !== null && node.contains(hit) && hit.closest('button, input') === null)
        return { id: node.dataset.id, x, y };
    }
    throw new Error('No step is in view.');
  });
}

/** Runs `act` and fails unless it changed what `selector` shows in this attribute: else something else would be measured. */
export async function changing(page, { selector, attribute, act }) {
  const read = () => page.locator(selector).first().getAttribute(attribute);
  const before = await read();
  const result = await act();
  if ((await read()) === before) throw new Error(`${attribute} of ${selector} is as before: nothing was measured.`);
  return result;
}

/** The 95th percentile of frame times, in ms, while `act` is done 60 times. */
export async function pace(page, act) {
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const note = (now) => {
      globalThis.frames.push(now - last);
      last = now;
      globalThis.frameRequest = requestAnimationFrame(note);
    };
    globalThis.frameRequest = requestAnimationFrame(note);
  });
  for (let at = 0; at < 60; at += 1) {
    await act(at);
    await page.waitForTimeout(16);
  }
  const times = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.frameRequest);
    return globalThis.frames.slice(1);
  });
  times.sort((one, other) => one - other);
  return times[Math.floor(times.length * 0.95)] ?? 0;
}
