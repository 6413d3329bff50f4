import { Injectable } from '@nestjs/common';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { type DraftSummary, summarise } from './draft-summary.js';
import { FlowsRepository } from './flows.repository.js';

/** About 300 bytes each. */
const most = 5000;

/**
 * What lists show of a draft. A revision never changes, so its summary is computed once: a page of 200 large flows
 * would else read and parse 200 documents each time.
 */
@Injectable()
export class DraftSummaries {
  private readonly known = new Map<string, DraftSummary>();

  constructor(
    private readonly flows: FlowsRepository,
    private readonly connectors: ConnectorsService,
  ) {}

  async of(
    workspace: string,
    flows: readonly { id: string; revision: number }[],
  ): Promise<ReadonlyMap<string, DraftSummary>> {
    const missing = flows.filter((flow) => !this.known.has(keyOf(flow))).map(({ id }) => id);
    // A draft saved in between comes with its newer revision: it is the better answer to this reader, and kept under that revision.
    const fresh = new Map<string, DraftSummary>();
    const drafts = await this.flows.drafts(workspace, missing);
    const catalogue = drafts.length === 0 ? {} : await this.connectors.catalogue(workspace);
    for (const flow of drafts) {
      const summary = summarise(flow.draft, catalogue);
      fresh.set(flow.id, summary);
      this.keep(keyOf(flow), summary);
    }
    return new Map(
      flows.flatMap((flow) => {
        const summary = fresh.get(flow.id) ?? this.known.get(keyOf(flow));
        return summary === undefined ? [] : [[flow.id, summary]];
      }),
    );
  }

  private keep(key: string, summary: DraftSummary): void {
    if (this.known.size >= most) this.known.clear();
    this.known.set(key, summary);
  }
}

function keyOf({ id, revision }: { id: string; revision: number }): string {
  return `${id}@${revision}`;
}
