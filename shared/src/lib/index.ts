export * from './assert-never.js';
export * from './id.js';
export * from './json.js';
export * from './roles.js';
