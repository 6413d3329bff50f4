import { Injectable } from '@nestjs/common';
import { consistencySpans, hashSpans, inclusionSpans, type NodePlace, subtreesOf, toHex } from '@sluice/shared/audit';
import { sha256 } from '../../../journal/seal-key.js';
import { nodeName, SealRepository, type Tx } from './seal.repository.js';

/** Proofs from the stored tree, in hex. */
@Injectable()
export class TreeProofs {
  constructor(private readonly seals: SealRepository) {}

  async ofInclusion(tx: Tx, given: { index: number; size: number }): Promise<string[]> {
    return await this.read(tx, inclusionSpans(given));
  }

  /** Of each leaf from one index to before another, in their order. */
  async ofInclusions(tx: Tx, { from, to, size }: { from: number; to: number; size: number }): Promise<string[][]> {
    const spans = Array.from({ length: to - from }, (_, i) => inclusionSpans({ index: from + i, size }));
    const nodes = await this.seals.nodes(tx, unique(spans.flat().flatMap(subtreesOf)));
    const find = (place: NodePlace) => nodes.get(nodeName(place));
    return spans.map((one) => hashSpans(one, find, sha256).map(toHex));
  }

  async ofConsistency(tx: Tx, given: { oldSize: number; size: number }): Promise<string[]> {
    return await this.read(tx, consistencySpans(given));
  }

  /** In hex: the root that the tree had at a size. */
  async rootAt(tx: Tx, size: number): Promise<string | undefined> {
    return (await this.read(tx, [{ from: 0, to: size }]))[0];
  }

  private async read(tx: Tx, spans: readonly { from: number; to: number }[]): Promise<string[]> {
    const nodes = await this.seals.nodes(tx, spans.flatMap(subtreesOf));
    const find = (place: NodePlace) => nodes.get(nodeName(place));
    return hashSpans(spans, find, sha256).map(toHex);
  }
}

function unique(places: readonly NodePlace[]): NodePlace[] {
  return [...new Map(places.map((place) => [nodeName(place), place])).values()];
}
