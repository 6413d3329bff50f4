/** What names a step in a run: its id and, in a loop, the pass: `line[3]`, `line[3.0]`. */
export interface StepKey {
  step: string;
  /** `[3]`; nothing for a step of the flow itself. */
  at: string;
}

export function partsOf(key: string): StepKey {
  const open = key.indexOf('[');
  return open === -1 ? { step: key, at: '' } : { step: key.slice(0, open), at: key.slice(open) };
}

/** The place of a pass through a loop that stands at `at`. */
export function passAt(at: string, index: number): string {
  return at === '' ? `[${index}]` : `${at.slice(0, -1)}.${index}]`;
}
