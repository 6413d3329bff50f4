export * from './connector-error.js';
export * from './declare.js';
export * from './describe.js';
export * from './double.js';
export * from './field-class.js';
export * from './http.js';
export * from './oauth.js';
export * from './reply-error.js';
