/** Scopes as the vendor writes them. */
export interface ScopeDifference {
  /** Granted, and never approved. */
  extra: string[];
  /** Approved, and not granted. */
  missing: string[];
}

export function compareScopes(approved: readonly string[], granted: readonly string[]): ScopeDifference {
  return {
    extra: granted.filter((scope) => !approved.includes(scope)),
    missing: approved.filter((scope) => !granted.includes(scope)),
  };
}

/** RFC 6749, 3.3 and 5.1: separated by spaces; left out when it is what was asked for. Some write commas. */
export function readScopes(scope: string | undefined, asked: readonly string[]): string[] {
  if (scope === undefined) return [...asked];
  return [...new Set(scope.split(/[\s,]+/).filter((one) => one !== ''))];
}
