/** What one run of a code step may take. */
export const codeLimits = {
  milliseconds: 1000,
  memoryBytes: 32 * 1024 * 1024,
  outputBytes: 1024 * 1024,
  logLines: 20,
  logCharacters: 500,
} as const;

export type CodeLimits = typeof codeLimits;
