/** As deep as the doors let anything in. */
export const mostDepth = 200;

/** How deep the lists and records of a JSON text are, told without building any of it. */
export function depthOf(json: string): number {
  let [depth, most] = [0, 0];
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') most = Math.max(most, (depth += 1));
    else if (char === ']' || char === '}') depth -= 1;
  }
  return most;
}
