/* Sizes on the canvas. A step inside of a container is placed from the container's corner, so that a loop moves as one. */

export type Point = readonly [x: number, y: number];
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const stepSize: Size = { width: 230, height: 48 };
/** From a frame's edges to the steps in it; its head lies above. */
export const frameInset = { side: 20, top: 60, foot: 20 } as const;
/** A frame has room for one step at least. */
export const emptyFrame: Size = {
  width: stepSize.width + 2 * frameInset.side,
  height: frameInset.top + stepSize.height + frameInset.foot,
};

/** The size of a frame around boxes that are placed from its corner. */
export function frameAround(boxes: Iterable<{ at: Point; size: Size }>): Size {
  let { width, height } = emptyFrame;
  for (const { at, size } of boxes) {
    width = Math.max(width, at[0] + size.width + frameInset.side);
    height = Math.max(height, at[1] + size.height + frameInset.foot);
  }
  return { width, height };
}

/** From a group's frame to its steps; its title stands on the line above. */
export const groupInset = { side: 20, top: 20, foot: 12 } as const;

/** The frame of a group around the boxes of its steps. */
export function groupAround(boxes: readonly { at: Point; size: Size }[]): { at: Point; size: Size } {
  const left = Math.min(...boxes.map(({ at }) => at[0])) - groupInset.side;
  const top = Math.min(...boxes.map(({ at }) => at[1])) - groupInset.top;
  const right = Math.max(...boxes.map(({ at, size }) => at[0] + size.width)) + groupInset.side;
  const foot = Math.max(...boxes.map(({ at, size }) => at[1] + size.height)) + groupInset.foot;
  return { at: [left, top], size: { width: right - left, height: foot - top } };
}

/** A place in a frame, kept off its edges and its head. */
export function keptInside([x, y]: Point): [number, number] {
  return [Math.max(frameInset.side, x), Math.max(frameInset.top, y)];
}
