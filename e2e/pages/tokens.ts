import type { Locator, Page } from 'playwright-core';

export class TokensPage {
  /** `code` is asked for a code of the authenticator where the last one is no longer fresh. */
  constructor(
    private readonly page: Page,
    private readonly code: () => Promise<string>,
  ) {}

  /** Opens the dialog and fills it in; what is said as a label is ticked. */
  async begin({ name, may, where = [], from = '' }: NewToken): Promise<Locator> {
    await this.page.getByRole('button', { name: 'New token' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New API token' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    for (const label of [...may, ...where]) await dialog.getByRole('checkbox', { name: label }).check();
    await dialog.getByRole('textbox', { name: 'From where' }).fill(from);
    return dialog;
  }

  /** Makes what the dialog says and answers the dialog that shows the token. */
  async make(dialog: Locator, name: string): Promise<Locator> {
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    const confirm = this.page.getByRole('dialog', { name: `Make the token ${name}` });
    const made = this.page.getByRole('dialog', { name: `${name} is ready` });
    await confirm.or(made).waitFor();
    if (await confirm.isVisible()) {
      await this.giveCode(confirm);
      await confirm.getByRole('button', { name: 'Make the token' }).click();
    }
    await made.waitFor();
    return made;
  }

  async revoke(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Revoke ${name}` }).click();
    const confirm = this.page.getByRole('dialog', { name: `Revoke ${name}` });
    await confirm.waitFor();
    await this.giveCode(confirm);
    await confirm.getByRole('button', { name: 'Revoke' }).click();
    await this.row(name).getByText('Revoked', { exact: true }).waitFor();
  }

  row(name: string): Locator {
    return this.page.getByRole('listitem').filter({ hasText: name });
  }

  private async giveCode(confirm: Locator): Promise<void> {
    const field = confirm.getByRole('textbox', { name: 'Code from your authenticator' });
    if (await field.isVisible()) await field.fill(await this.code());
  }
}

interface NewToken {
  name: string;
  may: readonly string[];
  where?: readonly string[];
  from?: string;
}
