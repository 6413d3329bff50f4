import type { Page } from 'playwright-core';

export class FlowsPage {
  constructor(private readonly page: Page) {}

  async create(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New flow' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New flow' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create flow' }).click();
    await this.arrive();
  }

  async open(name: string): Promise<void> {
    await this.page.getByRole('grid').getByText(name, { exact: true }).click();
    await this.arrive();
  }

  /** Types into the dialog that has the focus, and lets Enter create the flow. */
  async nameByKeyboard(name: string): Promise<void> {
    await this.page.getByRole('dialog', { name: 'New flow' }).waitFor();
    await this.page.keyboard.type(name);
    await this.page.keyboard.press('Enter');
    await this.arrive();
  }

  /** In the editor, past the tour that it offers at the first visit. */
  private async arrive(): Promise<void> {
    await this.page.getByRole('application').waitFor();
    const tour = this.page.getByRole('region', { name: 'Tour of the editor' });
    if (!(await tour.isVisible())) return;
    await this.page.keyboard.press('Escape');
    await tour.waitFor({ state: 'hidden' });
  }
}
