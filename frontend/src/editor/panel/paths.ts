const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A path as an expression writes it; names that are no plain words stand in backquotes. */
export function pathText(path: readonly string[]): string {
  return path.map((name) => (plainName.test(name) ? name : `\`${name}\``)).join('.');
}
