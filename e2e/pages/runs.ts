import type { Locator, Page } from 'playwright-core';

/** The list of runs, and one run with its three views. */
export class RunPages {
  constructor(private readonly page: Page) {}

  rows(): Locator {
    return this.page
      .getByRole('grid', { name: 'Runs' })
      .getByRole('row')
      .filter({ hasNot: this.page.getByRole('columnheader') });
  }

  row(words: { environment: string; status: string }): Locator {
    return this.rows().filter({ hasText: words.environment }).filter({ hasText: words.status });
  }

  async open(row: Locator): Promise<void> {
    await row.getByRole('link').first().click();
    await this.page.getByRole('heading', { name: 'Graph' }).waitFor();
  }

  /** Where there is no room for the drawing. */
  async openOnPhone(row: Locator): Promise<void> {
    await row.getByRole('link').first().tap();
    await this.page.getByText('Waterfall').waitFor();
  }

  /** How the run that is open stands, by the badge beside its flow. */
  async status(): Promise<string> {
    const words = this.page.getByText(/^(Running|Waiting|Succeeded|Failed|Cancelled|In doubt)$/);
    return await words.first().innerText();
  }

  /** What the drawing says of each step to those who can't see it. */
  async drawn(): Promise<string[]> {
    const steps = this.page.getByRole('application').getByRole('group', { name: /, step \d+ of \d+/ });
    await steps.first().waitFor();
    const all = await steps.all();
    return await Promise.all(all.map(async (step) => (await step.getAttribute('aria-label')) ?? ''));
  }

  async openStep(title: string): Promise<void> {
    // The list of all steps comes before that of one pass.
    await this.page.getByRole('listitem').getByRole('button', { name: title }).first().click();
    await this.panel(title).waitFor();
  }

  async tab(title: string, tab: 'Overview' | 'Input' | 'Output'): Promise<string> {
    await this.panel(title).getByRole('tab', { name: tab }).click();
    return await this.panel(title).getByRole('tabpanel').innerText();
  }

  /** The run that is open, as a file that is kept where the test says. */
  async share(to: string): Promise<void> {
    const started = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Share', exact: true }).click();
    await (await started).saveAs(to);
  }

  private panel(title: string): Locator {
    return this.page.getByRole('complementary', { name: title });
  }
}
