import type { Locator, Page } from 'playwright-core';
import { choose } from './choose.js';

interface Target {
  environment: string;
  version: number;
}

/** Publishing and deploying, and what the dialog tells once. */
export class Deployment {
  constructor(private readonly page: Page) {}

  async publish(version: number): Promise<void> {
    await this.page.getByRole('button', { name: `Publish v${version}` }).click();
    // What is different from the version before is shown first.
    if (version > 1) await this.page.getByRole('button', { name: 'Publish this version' }).click();
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Deploy', exact: true }).click();
  }

  form(): Locator {
    return this.page.getByRole('dialog', { name: /^Deploy / });
  }

  async deploy(to: Target & { reason?: string }): Promise<void> {
    const dialog = this.form();
    await choose(dialog, 'Environment', to.environment);
    if (to.reason !== undefined) await dialog.getByLabel('Reason').fill(to.reason);
    await dialog.getByRole('button', { name: `Deploy v${to.version} to ${to.environment}` }).click();
    await this.result(to).waitFor();
  }

  /** From the dialog that says where a version runs, on to the next environment. */
  async promote(to: Target): Promise<void> {
    await this.page.getByRole('button', { name: `Promote v${to.version} to ${to.environment}` }).click();
    await this.form()
      .getByRole('button', { name: `Deploy v${to.version} to ${to.environment}` })
      .click();
    await this.result(to).waitFor();
  }

  result(to: Target): Locator {
    return this.page.getByRole('dialog', { name: `v${to.version} in ${to.environment}` });
  }

  /** Address and secret as the dialog gives them once, by its copy buttons. */
  async keepEndpoint(to: Target): Promise<{ url: string; secret: string }> {
    const dialog = this.result(to);
    const url = await this.copied(dialog.getByRole('button', { name: 'Copy the address' }));
    const secret = await this.copied(dialog.getByRole('button', { name: 'Copy the secret' }));
    return { url, secret };
  }

  async close(to: Target): Promise<void> {
    await this.result(to).getByRole('button', { name: 'I have kept it' }).click();
    await this.result(to).waitFor({ state: 'hidden' });
  }

  private async copied(button: Locator): Promise<string> {
    await button.click();
    return await this.page.evaluate(() => navigator.clipboard.readText());
  }
}
