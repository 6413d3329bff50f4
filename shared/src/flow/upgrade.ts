import type { z } from 'zod';
import { type FlowDocument, flowDocumentSchema, flowSchemaId } from './document.js';
import { isFields } from './step-mappings.js';

export interface DocumentIssue {
  path: (string | number)[];
  message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * How a document of an older schema becomes one of the next, by the older schema's id. A new schema adds one entry and
 * leaves the others alone: a document climbs from one to the next.
 */
const upgrades: Readonly<Record<string, (document: Fields) => Fields>> = {};

/** Deeper than any flow a person draws; keeps hostile nesting from exhausting the stack. */
const maxDepth = 100;

/** Reads a document from anywhere (a request, an import, the database): validated, defaults filled in, upgraded. */
export function readDocument(json: unknown): { document: FlowDocument } | { issues: DocumentIssue[] } {
  if (!isFields(json)) return refuse([], 'A flow document is a JSON object.');
  if (isDeeperThan(json, maxDepth)) return refuse([], `A flow document is nested at most ${maxDepth} levels deep.`);
  const upgraded = upgrade(json);
  if ('issues' in upgraded) return upgraded;
  const result = flowDocumentSchema.safeParse(upgraded.fields);
  return result.success
    ? { document: result.data }
    : { issues: result.error.issues.flatMap((issue) => issuesOf(issue)) };
}

function upgrade(json: Fields): { fields: Fields } | { issues: DocumentIssue[] } {
  let fields = json;
  while (fields['schema'] !== flowSchemaId) {
    const schema = fields['schema'];
    const next = typeof schema === 'string' && Object.hasOwn(upgrades, schema) ? upgrades[schema] : undefined;
    if (next === undefined) return refuse(['schema'], schemaMessage(schema));
    fields = next(fields);
  }
  return { fields };
}

function schemaMessage(schema: unknown): string {
  if (schema === undefined) return `A flow document says its schema: "schema": "${flowSchemaId}".`;
  const isOurs = typeof schema === 'string' && /^sluice\.flow\/\d+$/.test(schema);
  return isOurs
    ? `This flow was made by a newer Sluice (${schema}); this one reads ${flowSchemaId}. Update Sluice, or export the flow from a version like this one.`
    : `This is no flow document that Sluice knows; it reads "schema": "${flowSchemaId}".`;
}

function refuse(path: (string | number)[], message: string): { issues: DocumentIssue[] } {
  return { issues: [{ path, message }] };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

type Issue = z.core.$ZodIssue;

/** zod's issue as one sentence for each place; of a choice, what is wrong with the alternative that is nearest. */
function issuesOf(issue: Issue, above: (string | number)[] = []): DocumentIssue[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `The key ${JSON.stringify(key)} is not known here.`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [nearest] = issue.errors.toSorted((one, other) => depthOf(other) - depthOf(one));
    return (nearest ?? []).flatMap((inner) => issuesOf(inner, path));
  }
  if (issue.code === 'invalid_union')
    return [{ path, message: `There is no such ${issue.discriminator ?? 'choice'}.` }];
  return [{ path, message: issue.message }];
}

function depthOf(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}
