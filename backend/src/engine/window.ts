import type { Carrier } from './carrier.js';

/** How many runs are carried at once, and what share of that a workspace may hold. */
export class Window {
  private full = false;

  constructor(
    private readonly carrier: Carrier,
    private readonly size: number,
  ) {}

  /** Whether a new run of a workspace is carried right away; else it goes to the queue, which is fair. */
  takes(workspace: string): boolean {
    const { runs, fullWorkspaces } = this.room();
    const takes = runs > 0 && !fullWorkspaces.includes(workspace);
    this.full ||= !takes;
    return takes;
  }

  room(): { runs: number; fullWorkspaces: string[] } {
    const { size: carried } = this.carrier.runs;
    const { counts } = this.carrier;
    // Below half of the window nobody is in anybody's way.
    if (carried * 2 < this.size) return { runs: this.size - carried, fullWorkspaces: [] };
    const share = Math.ceil(this.size * (counts.size > 1 ? 0.5 : 1));
    if (carried >= this.size) this.full = true;
    const fullWorkspaces = [...counts].flatMap(([workspace, count]) => (count >= share ? [workspace] : []));
    return { runs: Math.max(0, this.size - carried), fullWorkspaces };
  }

  /** Whether there is room again for what was turned to the queue: told once, when enough is free to be worth a fetch. */
  hasOpened(): boolean {
    const opened = this.full && (this.size - this.carrier.runs.size) * 16 >= this.size;
    if (opened) this.full = false;
    return opened;
  }
}
