import type { MappingMode } from './mapping-mode.js';

export interface Piece {
  readonly text: string;
  readonly isReference: boolean;
}

const templates = /\{\{[\s\S]*?\}\}/g;
const references =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.$])(?:steps\.(?:\w+|`[^`]*`)|(?:trigger|flow|run|environment)(?:\.(?:\w+))?)/g;

/** A text cut into references and what stands between them. */
export function tint(text: string, mode: MappingMode): Piece[] {
  if (mode === 'literal') return [{ text, isReference: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(mode === 'template' ? templates : references)) {
    const isQuoted = match[0].startsWith('"') || match[0].startsWith("'");
    if (isQuoted) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), isReference: false });
    pieces.push({ text: match[0], isReference: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), isReference: false });
  return pieces;
}
