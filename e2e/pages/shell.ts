import type { Page } from 'playwright-core';

type Place = 'Flows' | 'Connections' | 'Connectors' | 'Runs' | 'Inbox' | 'Approvals' | 'Audit' | 'Reviews' | 'Settings';

/** What stands around every screen. */
export class Shell {
  constructor(private readonly page: Page) {}

  async goTo(place: Place): Promise<void> {
    await this.page.getByRole('navigation', { name: /^Main/ }).getByRole('link', { name: place }).click();
    await this.page.getByRole('heading', { level: 1, name: place }).waitFor();
  }

  async waitForHeading(name: string): Promise<void> {
    await this.page.getByRole('heading', { name }).first().waitFor();
  }

  async signOut(person: string | RegExp): Promise<void> {
    await this.personMenu(person, 'Sign out');
    await this.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }

  async look(person: string | RegExp, theme: 'Light' | 'Dark' | 'As the system'): Promise<void> {
    await this.personMenu(person, theme);
  }

  /** Presses Tab until a button of this name has the focus, as somebody without a mouse does; each stop on the way is seen. */
  async tabTo(name: string, role: 'button' | 'textbox' = 'button'): Promise<void> {
    const wanted = this.page.getByRole(role, { name, exact: role === 'textbox' });
    for (let presses = 0; presses < 60; presses += 1) {
      await this.page.keyboard.press('Tab');
      const unseen = await this.page.evaluate(() => {
        const at = document.activeElement;
        // A field shows it by its edge.
        if (at === null || at === document.body || /^(INPUT|TEXTAREA)$/.test(at.tagName)) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
        return isSeen ? null : (at.getAttribute('aria-label') ?? at.textContent ?? at.tagName);
      });
      if (unseen !== null) throw new Error(`Nothing shows that the focus is at ${unseen}`);
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`60 presses of Tab do not lead to ${name}`);
  }

  /** The colour behind everything, as the browser draws it. */
  async background(): Promise<string> {
    return await this.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  }

  /** How far the page is wider than its window. */
  async overflow(): Promise<number> {
    return await this.page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);
  }

  private async personMenu(person: string | RegExp, item: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Main', exact: true })
      .getByRole('button', { name: person })
      .click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }
}
