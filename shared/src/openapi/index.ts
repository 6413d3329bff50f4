export * from './compare-declarations.js';
export * from './declaration.js';
export * from './open-declaration.js';
export * from './read-openapi.js';
