/** `v3`; a draft that was tried has a number below zero. */
export function versionWord(version: number): string {
  return version > 0 ? `v${version}` : 'draft';
}
