import type { Page } from 'playwright-core';
import { choose } from './choose.js';

export interface NewConnection {
  /** By its title. */
  connector: string;
  environment: string;
  name: string;
  /** In the connector's own words: `Host`, `Port`. */
  fields: Readonly<Record<string, string>>;
  /** A segment to choose before: how to sign in there. */
  signIn?: { way: string; fields: Readonly<Record<string, string>> };
  encryption?: string;
}

export class ConnectionsPage {
  constructor(private readonly page: Page) {}

  async add(connection: NewConnection): Promise<void> {
    await this.page.getByRole('button', { name: 'Add connection' }).first().click();
    const dialog = this.page.getByRole('dialog', { name: 'Add connection' });
    await choose(dialog, 'Connector', connection.connector);
    await choose(dialog, 'Environment', connection.environment);
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(connection.name);
    if (connection.signIn) {
      await dialog
        .getByRole('radiogroup', { name: 'Sign in with' })
        .getByText(connection.signIn.way, { exact: true })
        .click();
      for (const [label, value] of Object.entries(connection.signIn.fields))
        await dialog.getByLabel(label, { exact: true }).fill(value);
    }
    for (const [label, value] of Object.entries(connection.fields))
      await dialog.getByRole('textbox', { name: label, exact: true }).fill(value);
    if (connection.encryption) await choose(dialog, 'Encryption', connection.encryption);
    await dialog.getByRole('button', { name: 'Seal and save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    // It opens beside the list.
    await this.panel(connection.name).waitFor();
  }

  rows() {
    return this.page.getByRole('grid', { name: 'Connections' }).getByRole('row');
  }

  private panel(name: string) {
    return this.page.getByRole('complementary', { name });
  }
}
