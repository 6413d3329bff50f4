import type { Locator, Page } from 'playwright-core';
import { choose } from './choose.js';
import { drag, middleOf } from './mouse.js';

/** As it stands, as text with `{{ }}`, or as an expression. */
type Typed = string | { template: string } | { expression: string };

/** The panel of the step that is selected: its fields, and the data they are filled from. */
export class StepPanel {
  constructor(private readonly page: Page) {}

  /** A new field of a mapping, with its name. */
  async addField(name: string): Promise<void> {
    const names = this.frame().getByRole('textbox', { name: 'Name of the field' });
    const count = await names.count();
    await this.frame().getByRole('button', { name: 'Add a field' }).click();
    await names.nth(count).fill(name);
    await names.nth(count).press('Enter');
    await this.field(name).waitFor();
  }

  async mapAnother(name: string): Promise<void> {
    await this.frame().getByRole('button', { name: 'Map another field' }).click();
    await this.page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click();
    await this.field(name).or(this.choice(name)).or(this.group(name)).waitFor();
  }

  /** The box of a mapping field. */
  field(label: string): Locator {
    return this.frame().getByRole('textbox', { name: label, exact: true });
  }

  async type(label: string, value: Typed): Promise<void> {
    const [key, text] = keyAndText(value);
    await this.field(label).focus();
    await this.page.keyboard.press(key);
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Escape');
  }

  /** Puts text before and after what stands in a field. */
  async typeAround(label: string, { before = '', after }: { before?: string; after: string }): Promise<void> {
    await this.field(label).press('Control+Home');
    await this.page.keyboard.type(before);
    await this.field(label).press('Control+End');
    await this.page.keyboard.type(after);
  }

  async choose(label: string, option: string): Promise<void> {
    await choose(this.frame(), label, option);
  }

  /** Of a field that may be given in several forms. */
  async chooseForm(label: string, form: string): Promise<void> {
    await choose(this.frame(), `Form of ${label}`, form);
  }

  /** One more item of a list. */
  async addOne(label: string): Promise<void> {
    await this.group(label).getByRole('button', { name: 'Add one' }).click();
  }

  async condition(label: string, text: string): Promise<void> {
    await this.field(label).focus();
    await this.page.keyboard.type(text);
  }

  /** Puts a value of the data tree into the field that had the focus last. */
  async take(path: string): Promise<void> {
    await this.dataOf(path).click();
  }

  async openInData(name: string): Promise<void> {
    await this.data()
      .getByRole('button', { name: `Open ${name}` })
      .click();
  }

  /** Drags a value of the data tree into a field. */
  async dragValue(path: string, label: string): Promise<void> {
    const from = await middleOf(this.dataOf(path));
    await drag(this.page.mouse, { from, to: await middleOf(this.field(label)) });
  }

  /** What stands under the fields: results on the sample, and what is wrong. */
  async text(): Promise<string> {
    return await this.frame().innerText();
  }

  /** A field with a list to choose from, as long as it is given as it stands. */
  private choice(label: string): Locator {
    return this.frame().getByRole('combobox', { name: label, exact: true });
  }

  /** The fields of a list or an object; its name goes on with what it is. */
  private group(label: string): Locator {
    return this.frame().getByRole('group', { name: new RegExp(`^${label} (list|fields)`) });
  }

  private frame(): Locator {
    return this.page.getByRole('complementary', { name: 'Details' });
  }

  private data(): Locator {
    return this.frame().getByRole('region', { name: 'Data' });
  }

  private dataOf(path: string): Locator {
    return this.data().getByTitle(`Put ${path} into the field`, { exact: true });
  }
}

function keyAndText(value: Typed): [key: string, text: string] {
  if (typeof value === 'string') return ['Alt+1', value];
  return 'template' in value ? ['Alt+2', value.template] : ['Alt+3', value.expression];
}
