import type { Locator, Mouse } from 'playwright-core';

type Spot = { x: number; y: number };
type Box = Spot & { width: number; height: number };

/** Several moves, because a browser takes one alone for a click. */
export async function drag(mouse: Mouse, { from, to }: { from: Spot; to: Spot }): Promise<void> {
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
  await mouse.move(to.x, to.y, { steps: 5 });
  await mouse.move(to.x, to.y);
  await mouse.up();
}

export async function boxOf(element: Locator): Promise<Box> {
  const box = await element.boundingBox();
  if (box === null) throw new Error('It is not on the screen');
  return box;
}

export async function middleOf(element: Locator): Promise<Spot> {
  await element.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await boxOf(element);
  return { x: x + width / 2, y: y + height / 2 };
}
