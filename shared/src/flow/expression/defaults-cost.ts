/**
 * The parser copies the left side of `?:` and `??`, so those nested in each other's left sides double the tree each
 * time: thirty of them in 200 characters would never end. This bounds the size of the tree from the text alone.
 */
export function defaultsCost(text: string): number {
  const operators = text.match(/\?[:?]/g)?.length ?? 0;
  if (operators <= 6) return text.length;
  const levels: Level[] = [{ done: 0, open: 0 }];
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1) ?? { done: 0, open: 0 };
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    level.open += 1;
    if (character === '"' || character === "'" || character === '`') {
      at = endOfQuoted(text, at);
    } else if (character === '/' && next === '*') {
      at = Math.max(at, text.indexOf('*/', at + 2));
    } else if (character === '/') {
      // Division or a regular expression, in which a quote would mean nothing: count what follows at its worst.
      return (level.done + level.open + text.length) * 2 ** Math.min(operators, 60);
    } else if (character === '(' || character === '[' || character === '{') {
      levels.push({ done: 0, open: 0 });
    } else if ((character === ')' || character === ']' || character === '}') && levels.length > 1) {
      levels.pop();
      const parent = levels.at(-1);
      if (parent !== undefined) parent.open += level.done + level.open;
    } else if (character === ',' || character === ';') {
      level.done += level.open;
      level.open = 0;
    } else if (character === '?' && (next === ':' || next === '?')) {
      level.done += 2 * level.open;
      level.open = 0;
    }
  }
  return levels.reduce((sum, level) => sum + level.done + level.open, 0);
}

interface Level {
  /** What no later operator of this level can copy. */
  done: number;
  open: number;
}

function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === quote) return at;
    if (text.charAt(at) === '\\' && quote !== '`') at += 1;
  }
  return text.length;
}
