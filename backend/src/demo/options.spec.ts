import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';

describe('readOptions', () => {
  it.each([
    [[], { events: null, once: false, help: false }],
    [['--events', '8'], { events: 8, once: false, help: false }],
    [['--once'], { events: 10, once: true, help: false }],
    [['--once', '--events=0'], { events: 0, once: true, help: false }],
  ])('reads %j', (args, expected) => {
    expect(readOptions(args)).toEqual(expected);
  });

  it.each([[['--events', 'many']], [['--events', '-1']], [['--forever']], [['now']]])(
    'refuses %j and says what it takes',
    (args) => {
      expect(() => readOptions(args)).toThrow(/--events/);
    },
  );
});
