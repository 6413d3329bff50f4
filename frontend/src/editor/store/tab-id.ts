const name = 'sluice.tab';

/** By what this tab is known, through reloads and after a crash. */
export function tabId(storage: Pick<Storage, 'getItem' | 'setItem'> = sessionStorage): string {
  const known = storage.getItem(name);
  if (known !== null) return known;
  const id = `tab_${crypto.randomUUID().slice(0, 13)}`;
  storage.setItem(name, id);
  return id;
}
