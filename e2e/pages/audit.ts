import type { Locator, Page } from 'playwright-core';

export class AuditPage {
  constructor(private readonly page: Page) {}

  rows(): Locator {
    return this.page.getByRole('grid', { name: 'Log entries' }).getByRole('row');
  }

  async verify(): Promise<string> {
    await this.page.getByRole('button', { name: 'Verify now' }).click();
    const proof = this.page.getByRole('heading', { name: /^(Verified: |The log does not hold)/ });
    await proof.waitFor();
    return await proof.innerText();
  }

  /** The file that the export gives, kept where the test says. */
  async export(to: string): Promise<void> {
    const started = this.page.waitForEvent('download');
    await this.page
      .getByRole('button', { name: 'Export with proofs' })
      .or(this.page.getByRole('link', { name: 'Export with proofs' }))
      .click();
    await (await started).saveAs(to);
  }
}
