import type { Locator } from 'playwright-core';

/** Opens a select and takes an option by its words. */
export async function choose(inside: Locator, label: string, option: string): Promise<void> {
  await inside.getByRole('combobox', { name: label, exact: true }).click();
  await inside.page().getByRole('option', { name: option, exact: true }).click();
}
