export { canonicalJson, parseCanonicalJson } from '../lib/canonical-json.js';
