/** What a repeat of a call does, by its effect class. */
export const effectWords = {
  natural: 'Lands on the same state when repeated',
  keyed: 'Repeats are dropped by its key',
  checkable: 'Looks for its own work before repeating',
  unsafe: 'Never repeated by itself',
} as const;
