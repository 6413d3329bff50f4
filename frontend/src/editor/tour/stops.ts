/** A part of the editor, as the desk marks it. */
export type Part = 'palette' | 'canvas' | 'panel' | 'strip' | 'top';

export interface Stop {
  readonly part: Part;
  readonly title: string;
  readonly says: string;
}

/** What somebody should have seen once before drawing, in the order of a first flow. */
export const stops: readonly Stop[] = [
  {
    part: 'palette',
    title: 'Steps to add',
    says: 'Drag one onto the canvas, or press / and type its name. A flow begins with a trigger.',
  },
  {
    part: 'canvas',
    title: 'The flow',
    says: 'Draw a wire from a step to the next one, or drop a step on a wire. Arrows go from step to step, A adds one after, C connects.',
  },
  {
    part: 'panel',
    title: 'What a step does',
    says: 'Click a value in the data below to map it into a field. Under each field you see what it gives on a sample.',
  },
  {
    part: 'strip',
    title: 'What it may touch',
    says: 'The manifest counts hosts, scopes and the fields that leave. This is what somebody approves; nothing else will go out.',
  },
  {
    part: 'top',
    title: 'Try, publish, deploy',
    says: 'Try runs the draft with stand-ins, and nothing leaves. What you publish never changes; you deploy it where it shall run. Press ? for all keys.',
  },
];
