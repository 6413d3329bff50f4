import type { Locator, Page } from 'playwright-core';

export class InboxPage {
  constructor(private readonly page: Page) {}

  row(words: { verdict: string; environment: string }): Locator {
    const rows = this.page.getByRole('grid', { name: 'Deliveries' }).getByRole('row');
    return rows.filter({ hasText: words.verdict }).filter({ hasText: words.environment });
  }

  /** Opens a delivery and gives what its panel says. */
  async read(row: Locator): Promise<string> {
    await row.getByRole('gridcell').first().click();
    const panel = this.page.getByRole('complementary', { name: /^Delivery/ });
    await panel.getByText('How it was checked').waitFor();
    return await panel.innerText();
  }
}
