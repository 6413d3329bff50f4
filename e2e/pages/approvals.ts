import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '../fixtures/wait-until.js';

export class ApprovalsPage {
  constructor(private readonly page: Page) {}

  requests(): Locator {
    return this.page.getByRole('navigation', { name: 'Requests' }).getByRole('listitem');
  }

  /** Opens a request that waits. */
  async open(request: Locator): Promise<void> {
    await request.getByRole('link').click();
    await this.reason().waitFor();
  }

  /** Each difference as it stands on its line. */
  async changes(): Promise<string[]> {
    await this.page.getByText('What it allows; nothing is granted yet').waitFor();
    const lines = this.page.getByRole('listitem').filter({ hasText: / via / });
    return await lines.allInnerTexts();
  }

  async giveReason(reason: string): Promise<void> {
    await this.reason().fill(reason);
  }

  async startApproving(): Promise<void> {
    await this.approveButton().click();
    await this.dialog().waitFor();
  }

  /** Whether the page lets its reader decide. */
  async canDecide(): Promise<boolean> {
    return await this.approveButton().isEnabled();
  }

  /** Takes one line out of what is asked for. */
  async leaveOut(title: string): Promise<void> {
    await this.page.getByRole('button', { name: `Leave out ${title}` }).click();
  }

  /** What the screen answers to one of its three questions. */
  async answer(question: string): Promise<string> {
    const card = this.page.getByRole('heading', { name: question }).locator('xpath=..');
    await card.waitFor();
    return await card.innerText();
  }

  /** What stands at the right: who asked and signed, and the deeds. */
  decision(): Locator {
    return this.page.getByRole('complementary', { name: 'Decision' });
  }

  /** Says what is to be done in a dialog of that title, with a code where one is asked for. */
  async confirm(
    title: string | RegExp,
    { verb, code, reason }: { verb: string; code: () => Promise<string>; reason?: string },
  ): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: title });
    await dialog.waitFor();
    if (reason !== undefined) await dialog.getByLabel('What you found, kept in the log').fill(reason);
    const field = dialog.getByRole('textbox', { name: 'Code from your authenticator' });
    const button = dialog.getByRole('button', { name: verb });
    let typed = '';
    // On a busy machine a dialog that is still being drawn shows no field yet, or forgets what was typed into it.
    await waitUntil(
      async () => {
        if ((await field.isVisible()) && (await field.inputValue()) === '') {
          if (typed === '') typed = await code();
          await field.fill(typed);
        }
        return await button.isEnabled();
      },
      (isEnabled) => isEnabled,
      // Of these half a minute may be the wait for a code that was not used yet.
      90,
    );
    await button.click();
    await dialog.waitFor({ state: 'hidden' });
  }

  dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Confirm with your second factor' });
  }

  needsCode(): Promise<boolean> {
    return this.code().isVisible();
  }

  async giveCode(code: string): Promise<void> {
    await this.code().fill(code);
  }

  async sign(): Promise<void> {
    await this.dialog().getByRole('button', { name: 'Sign and approve' }).click();
  }

  /** Waits for the decision to stand there. */
  async waitForApproved(): Promise<void> {
    await this.dialog().waitFor({ state: 'hidden' });
    await this.decision().getByText('Approved').first().waitFor();
  }

  private approveButton(): Locator {
    return this.decision().getByRole('button', { name: /^(Approve|Narrow and approve)/ });
  }

  private reason(): Locator {
    return this.decision().getByLabel('Reason, kept in the log');
  }

  private code(): Locator {
    return this.dialog().getByRole('textbox', { name: 'Code from your authenticator' });
  }
}
