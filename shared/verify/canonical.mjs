/**
 * The one canonical JSON text of a value (RFC 8785). Throws a TypeError for what JSON can't say.
 * @param {unknown} value
 * @param {number} depth
 * @returns {string}
 */
export function canonicalJson(value, depth = 0) {
  if (depth > 256) throw new TypeError('too deep');
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('half a surrogate pair');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('no number of JSON');
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one, depth + 1)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError('no value of JSON');
  // By UTF-16 code units, which is how sort() compares.
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, one]) => `${canonicalJson(name)}:${canonicalJson(one, depth + 1)}`).join(',')}}`;
}

/**
 * The value of a canonical JSON text; undefined for any other text: one that says a key twice, or has a space.
 * @param {string} text
 * @returns {any}
 */
export function readCanonical(text) {
  try {
    const value = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {unknown} value */
export function isCount(value) {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** @param {unknown} value */
export function isHash(value) {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

/** @param {unknown} value @returns {value is string[]} a proof: hashes in hex, no more than a tree of any size needs */
export function isProof(value) {
  return Array.isArray(value) && value.length <= 64 && value.every(isHash);
}

/** @param {unknown} value */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
