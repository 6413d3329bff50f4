export * from './assert-never.js';
export { canonicalJson } from './canonical-json.js';
export * from './id.js';
export * from './json.js';
export * from './roles.js';
