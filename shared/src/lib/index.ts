export * from './assert-never.js';
export { canonicalJson } from './canonical-json.js';
export { cidrSchema } from './cidr.js';
export * from './file-id.js';
export * from './file-name.js';
export * from './id.js';
export * from './json.js';
export * from './roles.js';
