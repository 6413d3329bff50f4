/** No service nests so deep; what walks a body step by step would run out of stack thousands of levels further down. */
const mostDepth = 200;

/**
 * The value that a flow sees as `trigger.body`.
 * Throws a SyntaxError for what its type says is JSON and isn't, or what is nested deeper than 200 levels.
 */
export function parseBody(body: Buffer, type: string): unknown {
  if (isJson(type)) return parseJson(body.toString('utf8'));
  if (type === 'application/x-www-form-urlencoded') return toRecord(new URLSearchParams(body.toString('utf8')));
  return body.toString('utf8');
}

function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError(`Nested deeper than ${mostDepth} levels`);
  return JSON.parse(text);
}

const code = { quote: 0x22, backslash: 0x5c, openList: 0x5b, closeList: 0x5d, openRecord: 0x7b, closeRecord: 0x7d };

/** Looks at the text, not the value, so that nothing deep is ever built. */
function isTooDeep(text: string): boolean {
  if (isShallow(text)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === code.backslash) at += 1;
      else if (char === code.quote) inString = false;
    } else if (char === code.quote) inString = true;
    else if (char === code.openList || char === code.openRecord) {
      depth += 1;
      if (depth > mostDepth) return true;
    } else if (char === code.closeList || char === code.closeRecord) depth -= 1;
  }
  return false;
}

/** Fewer brackets than levels: nearly every delivery, told without a look at each character. */
function isShallow(text: string): boolean {
  let left = mostDepth;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      left -= 1;
      if (left < 0) return false;
    }
  return true;
}

export function isJson(type: string): boolean {
  return type === 'application/json' || /^application\/[\w.+-]+\+json$/.test(type);
}

/** Names to values; a name that comes twice gives a list. Without a prototype, since senders choose the names. */
export function toRecord(params: URLSearchParams): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = Object.create(null);
  for (const name of new Set(params.keys())) {
    const all = params.getAll(name);
    record[name] = all.length === 1 ? (all[0] ?? '') : all;
  }
  return record;
}
