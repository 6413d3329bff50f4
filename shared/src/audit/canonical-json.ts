export { canonicalJson, canonicalText, parseCanonicalJson } from '../lib/canonical-json.js';
