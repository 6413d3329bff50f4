import { hash } from 'node:crypto';
import type { Issue } from '@sluice/shared/api';
import {
  checkFlow,
  computeManifest,
  contentHash,
  type FlowDocument,
  type FlowProblem,
  type Manifest,
  readDocument,
} from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { Problem } from '../../platform/problem.js';
import type { Surroundings } from './boundaries.service.js';

/** A document with all that is computed from it. */
export interface InspectedDraft {
  document: FlowDocument;
  /** Of its content: layout, notes and groups don't count. */
  hash: string;
  problems: FlowProblem[];
  manifest: Manifest;
}

type Path = readonly (string | number)[];

/** As newId makes them. A flow names slots; the connection behind a slot is each environment's own matter. */
const connectionId = /\bcon_[0-9a-f]{16,40}\b/;

export function inspectDraft(document: FlowDocument, { catalogue, boundaries }: Surroundings): InspectedDraft {
  return {
    document,
    hash: hashOf(document),
    problems: checkFlow(document, catalogue, boundaries),
    manifest: computeManifest(document, catalogue, boundaries.answers),
  };
}

/** The content hash that versions are known by. */
export function hashOf(document: FlowDocument): string {
  return contentHash(document, (data) => hash('sha256', data, 'buffer'));
}

/**
 * Reads what somebody wants to keep as a draft: a document, or its JSON as text. A draft may be unfinished, but what
 * is kept holds no secret (flows are shared and exported) and no connection (F6: it could belong to others).
 * Throws `flow.invalid_document` with an issue for each place.
 */
export function acceptDraft(given: Json, around: Surroundings): InspectedDraft {
  const draft = inspectDraft(readGiven(typeof given === 'string' ? parseText(given) : given), around);
  const secrets = draft.problems.filter(({ code }) => code === 'secret.in_flow').map(toIssue);
  if (secrets.length > 0) {
    throw new Problem('flow.invalid_document', {
      message: 'The draft was not saved: it holds what looks like a secret; see issues.',
      issues: secrets,
    });
  }
  const foreign = findPlaces(draft.document, connectionId).map((path) => ({
    path: path.join('.'),
    message:
      'A flow holds no connection. Name a slot here; which connection it uses is chosen when the flow is deployed.',
  }));
  if (foreign.length > 0) throw new Problem('flow.invalid_document', { issues: foreign });
  return draft;
}

/** A stored document, upgraded where it is of an older form and with its keys in the order of the schema. */
export function readStored(stored: unknown): FlowDocument {
  const result = readDocument(stored);
  if ('issues' in result) throw new Error('A stored flow document is not valid');
  return result.document;
}

export function toIssue({ message, path, step }: FlowProblem): Issue {
  return { path: path?.join('.') ?? '', message, ...(step === undefined ? {} : { step }) };
}

function readGiven(value: unknown): FlowDocument {
  const result = readDocument(value);
  if ('document' in result) return result.document;
  const issues = result.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new Problem('flow.invalid_document', { issues });
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('flow.invalid_document', {
      issues: [{ path: '', message: 'The document is not valid JSON.' }],
      cause,
    });
  }
}

/** Where a text, or a key, matches. */
function findPlaces(value: unknown, pattern: RegExp, path: Path = []): Path[] {
  if (typeof value === 'string') return pattern.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => findPlaces(item, pattern, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    pattern.test(key) ? [path] : findPlaces(inner, pattern, [...path, key]),
  );
}
