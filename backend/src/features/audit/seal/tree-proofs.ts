import { Injectable } from '@nestjs/common';
import { consistencySpans, hashSpans, inclusionSpans, type NodePlace, subtreesOf, toHex } from '@sluice/shared/audit';
import type { EntityManager } from 'typeorm';
import { sha256 } from '../../../journal/seal-key.js';
import { nodeName, SealRepository } from './seal.repository.js';

/** Proofs from the stored tree, in hex. */
@Injectable()
export class TreeProofs {
  constructor(private readonly seals: SealRepository) {}

  async ofInclusion(tx: EntityManager, given: { index: number; size: number }): Promise<string[]> {
    return await this.read(tx, inclusionSpans(given));
  }

  async ofConsistency(tx: EntityManager, given: { oldSize: number; size: number }): Promise<string[]> {
    return await this.read(tx, consistencySpans(given));
  }

  /** In hex: the root that the tree had at a size. */
  async rootAt(tx: EntityManager, size: number): Promise<string | undefined> {
    return (await this.read(tx, [{ from: 0, to: size }]))[0];
  }

  private async read(tx: EntityManager, spans: readonly { from: number; to: number }[]): Promise<string[]> {
    const nodes = await this.seals.nodes(tx, spans.flatMap(subtreesOf));
    const find = (place: NodePlace) => nodes.get(nodeName(place));
    return hashSpans(spans, find, sha256).map(toHex);
  }
}
