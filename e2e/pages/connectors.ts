import type { Locator, Page } from 'playwright-core';

export class ConnectorsPage {
  constructor(private readonly page: Page) {}

  /** Opens the import and has a document read: what was understood is shown then. */
  async read(document: { text: string } | { url: string }): Promise<void> {
    await this.page.getByRole('button', { name: 'Import an API' }).click();
    if ('url' in document) await this.dialog().getByLabel('Or its address').fill(document.url);
    else await this.dialog().getByLabel('Or its text').fill(document.text);
    await this.dialog().getByRole('button', { name: 'Read it' }).click();
  }

  async store(): Promise<void> {
    await this.dialog()
      .getByRole('button', { name: /^Import/ })
      .click();
    await this.dialog().waitFor({ state: 'hidden' });
  }

  dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Import an API' });
  }
}
