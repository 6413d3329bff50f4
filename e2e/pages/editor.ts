import type { Locator, Page } from 'playwright-core';
import { boxOf, drag, middleOf } from './mouse.js';

/** The drawing with its palette and top bar; drawn with the mouse, as people do. */
export class EditorPage {
  constructor(private readonly page: Page) {}

  /** Drags an entry of the palette onto the canvas, so that the step's middle comes to lie at a part of the canvas. */
  async drop(entry: string, at: { x: number; y: number }): Promise<void> {
    const canvas = await boxOf(this.canvas());
    const source = this.palette().getByRole('button', { name: `Add ${entry}`, exact: true });
    await drag(this.page.mouse, {
      from: await middleOf(source),
      to: { x: canvas.x + canvas.width * at.x, y: canvas.y + canvas.height * at.y },
    });
    await this.nameOfStep().waitFor();
  }

  /** Drags an entry of the palette into a loop, below its head. */
  async dropInto(entry: string, loop: string): Promise<void> {
    const source = this.palette().getByRole('button', { name: `Add ${entry}`, exact: true });
    const from = await middleOf(source);
    const frame = await boxOf(this.step(loop));
    await drag(this.page.mouse, {
      from,
      to: { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 + 16 },
    });
    await this.canvas()
      .getByRole('group', { name: new RegExp(`^${escaped(entry)},.* inside ${escaped(loop)},`) })
      .waitFor();
  }

  async fold(loop: string): Promise<void> {
    await this.canvas()
      .getByRole('button', { name: `Fold ${loop}` })
      .click();
  }

  async unfold(loop: string): Promise<void> {
    await this.canvas()
      .getByRole('button', { name: `Unfold ${loop}` })
      .click();
  }

  /** `/` goes to the palette, `a` asks what comes after the selected step; both search as one types. */
  async pickByKeyboard(key: '/' | 'a', entry: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.page.keyboard.type(entry);
    await this.page.keyboard.press('Enter');
    if (key === '/') await this.page.keyboard.press('Escape');
  }

  /** Goes to a step by its name, as somebody without a mouse does. */
  async findByKeyboard(title: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+f');
    await this.page.getByRole('textbox', { name: 'Name or id' }).and(this.page.locator(':focus')).waitFor();
    await this.page.keyboard.type(title);
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('region', { name: `Step ${title}` }).waitFor();
    await this.step(title).and(this.page.locator(':focus')).waitFor();
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async openService(name: string): Promise<void> {
    await this.palette().getByRole('button', { name }).click();
  }

  /** Drags a wire from a port at the foot of a step to the head of another; ports are counted from the left. */
  async wire(from: { step: string; port?: number; of?: number }, to: string): Promise<void> {
    const { port = 1, of = 1 } = from;
    const source = await boxOf(this.step(from.step));
    const target = await boxOf(this.step(to));
    const start = { x: source.x + (source.width * (port - 0.5)) / of, y: source.y + source.height };
    await drag(this.page.mouse, { from: start, to: { x: target.x + target.width / 2, y: target.y } });
  }

  async wires(): Promise<string[]> {
    const found = await this.canvas()
      .getByRole('group', { name: /^Wire from/ })
      .all();
    const names = await Promise.all(found.map((wire) => wire.getAttribute('aria-label')));
    return names.map((name) => (name ?? '').replace('Wire from ', '')).sort();
  }

  /** Runs the selected step, with samples of those before it, and waits for the end of the trial. */
  async tryStep(): Promise<void> {
    await this.page.keyboard.press('Shift+Enter');
    await this.page.getByRole('region', { name: 'Trial' }).getByText('Succeeded').first().waitFor();
  }

  async backToDrawing(): Promise<void> {
    await this.page.getByRole('button', { name: 'Back to drawing' }).click();
    await this.page.getByRole('button', { name: /^Manifest/ }).waitFor();
  }

  step(title: string): Locator {
    return this.canvas().getByRole('group', { name: new RegExp(`^${escaped(title)},`) });
  }

  async select(title: string): Promise<void> {
    await this.step(title).click({ position: { x: 60, y: 24 } });
    await this.page.getByRole('region', { name: `Step ${title}` }).waitFor();
  }

  /** Adds a step to what is selected. */
  async selectToo(title: string): Promise<void> {
    await this.step(title).click({ position: { x: 60, y: 24 }, modifiers: ['ControlOrMeta'] });
    await this.page.getByRole('region', { name: 'This flow' }).waitFor();
  }

  /** Puts what is selected into a group by keys, and names it. */
  async group(title: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+g');
    const name = this.page.getByRole('textbox', { name: 'Title of the group' });
    await name.and(this.page.locator(':focus')).waitFor();
    await this.page.keyboard.type(title);
    await this.page.keyboard.press('Enter');
  }

  groupOf(title: string): Locator {
    return this.canvas().getByRole('group', { name: new RegExp(`^Group ${escaped(title)},`) });
  }

  async rename(title: string): Promise<void> {
    await this.nameOfStep().fill(title);
    await this.nameOfStep().press('Enter');
    await this.step(title).waitFor();
  }

  async undo(): Promise<void> {
    await this.page.getByRole('button', { name: 'Undo' }).click();
  }

  async redo(): Promise<void> {
    await this.page.getByRole('button', { name: 'Redo' }).click();
  }

  /** Drags a step by so many pixels. */
  async move(title: string, by: { x: number; y: number }): Promise<void> {
    const { x, y } = await middleOf(this.step(title));
    await drag(this.page.mouse, { from: { x: x - 40, y }, to: { x: x - 40 + by.x, y: y + by.y } });
  }

  /** Goes to a free part of the drawing with the wheel, writes a note there, and comes back. */
  async addNote(text: string, away: { x: number; y: number }): Promise<void> {
    await this.canvas().hover({ position: { x: 30, y: 30 } });
    await this.page.mouse.wheel(away.x, away.y);
    await this.page.getByRole('button', { name: 'Add a note' }).click();
    const note = this.canvas().getByRole('textbox', { name: 'Note' });
    await note.fill(text);
    await note.press('Escape');
    await this.canvas()
      .getByRole('group', { name: /^Note: / })
      .waitFor();
    await this.page.getByRole('button', { name: 'Fit the flow' }).click();
  }

  /** Takes the pointer off the drawing, so that nothing of it stands out. */
  async rest(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.canvas().getByRole('button', { name: 'Duplicate' }).waitFor({ state: 'hidden' });
  }

  /** What runs where, as the top bar says it. */
  async versions(): Promise<string> {
    return await this.page.getByRole('group', { name: 'What runs where' }).innerText();
  }

  async tidyUp(): Promise<void> {
    await this.page.getByRole('button', { name: 'Tidy up' }).click();
  }

  /** How many problems the top bar counts. */
  async problems(): Promise<number> {
    const button = this.page.getByRole('button', { name: /^(No problems|\d+ problems?)$/ });
    const words = (await button.getAttribute('aria-label')) ?? '';
    return words === 'No problems' ? 0 : Number.parseInt(words, 10);
  }

  async waitForSaved(): Promise<void> {
    await this.page
      .getByRole('status')
      .getByText(/^saved/)
      .waitFor();
  }

  canvas(): Locator {
    return this.page.getByRole('application');
  }

  private palette(): Locator {
    return this.page.getByRole('navigation', { name: 'Steps to add' });
  }

  private panel(): Locator {
    return this.page.getByRole('complementary', { name: 'Details' });
  }

  private nameOfStep(): Locator {
    return this.panel().getByRole('textbox', { name: 'Name of the step' });
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
