import type { Locator, Page } from 'playwright-core';
import { choose } from './choose.js';

type Kind = 'Flow' | 'Connection' | 'Connector' | 'Environment';

export class IncidentsPage {
  /** `code` is asked for a code of the authenticator where the last one is no longer fresh. */
  constructor(
    private readonly page: Page,
    private readonly code: () => Promise<string>,
  ) {}

  async stop({ kind, target, reason }: { kind: Kind; target: string; reason: string }): Promise<void> {
    await this.page.getByRole('button', { name: 'Stop something' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Stop something' });
    await dialog.getByRole('radiogroup', { name: 'What to stop' }).getByText(kind, { exact: true }).click();
    await choose(dialog, kind, target);
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    const confirm = this.page.getByRole('dialog', { name: `Stop ${target}` });
    await confirm.getByRole('textbox', { name: 'Reason, kept in the log' }).fill(reason);
    await this.giveCode(confirm);
    await confirm.getByRole('button', { name: 'Stop it' }).click();
    await this.releaseButton(target).waitFor();
  }

  async release(target: string): Promise<void> {
    await this.releaseButton(target).click();
    const confirm = this.page.getByRole('dialog', { name: `Release ${target}` });
    await confirm.waitFor();
    await this.giveCode(confirm);
    await confirm.getByRole('button', { name: 'Release' }).click();
    await this.releaseButton(target).waitFor({ state: 'detached' });
  }

  /** The bar across every screen. */
  banner() {
    return this.page.getByRole('status').filter({ hasText: 'in force:' });
  }

  private releaseButton(target: string) {
    return this.page.getByRole('button', { name: `Release ${target}` });
  }

  private async giveCode(confirm: Locator): Promise<void> {
    const field = confirm.getByRole('textbox', { name: 'Code from your authenticator' });
    if (await field.isVisible()) await field.fill(await this.code());
  }
}
