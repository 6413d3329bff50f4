const deepest = 200;

/**
 * Why a value that came in can't be kept, and where; null when it can. PostgreSQL stores no NUL, nothing signs half a
 * surrogate pair, and what is nested without end ends every walk over it. Looks without recursion.
 */
export function findUnstorable(value: unknown): { path: string; message: string } | null {
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value: found, path, depth } = at;
    if (typeof found === 'string' && !isStorable(found))
      return { path, message: 'Text holds no NUL character and no half of a surrogate pair.' };
    if (typeof found !== 'object' || found === null) continue;
    if (depth >= deepest) return { path: path.slice(0, 200), message: `Values are nested ${deepest} deep at most.` };
    for (const [key, inner] of Object.entries(found)) {
      if (!isStorable(key)) return { path, message: 'A name holds no NUL character and no half of a surrogate pair.' };
      open.push({ value: inner, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
    }
  }
  return null;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
