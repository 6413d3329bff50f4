export * from './block.js';
export * from './canonical-json.js';
export * from './drop.js';
export * from './entry.js';
export * from './export-format.js';
export * from './hash.js';
export * from './merkle.js';
export * from './verify-export.js';
