const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `10 GiB`, `1.4 MiB`: in the units in which quotas are set. */
export function storageText(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 || Number.isInteger(amount) ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}
