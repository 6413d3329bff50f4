import type { Page } from 'playwright-core';

/** From the one-time link to the first screen, and every time after. */
export class SignInPages {
  constructor(private readonly page: Page) {}

  heading(name: string) {
    return this.page.getByRole('heading', { name });
  }

  async choosePassword(person: { name: string; email: string; password: string }): Promise<void> {
    await this.heading('Set up Sluice').waitFor();
    await this.page.getByLabel('Your name').fill(person.name);
    await this.page.getByLabel('E-mail').fill(person.email);
    await this.password().fill(person.password);
    await this.continue();
  }

  /** The key as it stands below the QR code, without its spaces. */
  async keyAsText(): Promise<string> {
    await this.page.getByRole('img', { name: /^QR code/ }).waitFor();
    const shown = await this.page.getByRole('code').first().innerText();
    return shown.replaceAll(' ', '');
  }

  async typeCode(code: string): Promise<void> {
    await this.code().fill(code);
  }

  async recoveryCodes(): Promise<string[]> {
    const codes = this.page.getByRole('listitem').getByRole('code');
    await codes.first().waitFor();
    return await codes.allInnerTexts();
  }

  finish() {
    return this.page.getByRole('button', { name: 'Finish' });
  }

  async keepRecoveryCodes(): Promise<void> {
    await this.page.getByLabel('I keep them somewhere other than this phone').check();
  }

  async givePassword(email: string, password: string): Promise<void> {
    await this.page.getByLabel('E-mail').fill(email);
    await this.password().fill(password);
    await this.continue();
  }

  /** The sixth digit sends it. */
  async giveCode(code: string): Promise<void> {
    await this.code().fill(code);
  }

  async giveRecoveryCode(code: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Use a recovery code' }).click();
    await this.page.getByLabel('Recovery code').fill(code);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** What stands at the code once it was refused. */
  async refusal(): Promise<string> {
    const said = this.page.getByRole('alert');
    await said.waitFor();
    return await said.innerText();
  }

  private code() {
    return this.page.getByRole('textbox', { name: 'Code from your authenticator' });
  }

  private password() {
    return this.page.getByLabel('Password', { exact: true });
  }

  private async continue(): Promise<void> {
    await this.page.getByRole('button', { name: 'Continue' }).click();
  }
}
