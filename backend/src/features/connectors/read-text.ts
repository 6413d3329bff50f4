import { hash } from 'node:crypto';
import {
  compareDeclarations,
  type Declaration,
  type DeclarationChanges,
  declarationSchema,
  type ImportChoices,
  type ImportReport,
  isNothing,
  readOpenApi,
  usualId,
} from '@sluice/shared/openapi';
import { parseDocument } from 'yaml';
import { sealDeclaration } from '../../connectors/imported.js';
import { findUnstorable } from '../../platform/http/storable.js';

export interface DocumentJob {
  /** JSON or YAML. */
  text: string;
  choices: Choices & Pick<ImportChoices, 'id'>;
  /** What was decided at earlier imports, of each connector. */
  earlier: readonly { id: string; choices: Choices }[];
}

export interface StoredTexts {
  before: string;
  after: string;
}

/** What a workspace decides beside a document. */
export type Choices = Pick<ImportChoices, 'effects' | 'receives'>;

export type DocumentResult =
  | { refused: string }
  | {
      /** The declaration as it is stored, and the hash that it is known by. */
      text: string;
      version: string;
      /** What of it people are shown. */
      declared: Pick<Declaration, 'description' | 'origin' | 'oauth'>;
      /** What was decided now and before. */
      choices: Choices;
      report: ImportReport;
      /** Of the document as it came. */
      documentHash: string;
    };

/** More than a document written by people has; what expands without end is cut. */
const mostAliases = 1000;
/** Of a declaration as it is stored; opened it takes some six times that. Published documents of 450 operations take half of it. */
const mostCharacters = 8_000_000;

/** The whole way from what was uploaded to what would be stored. Takes its time: it runs in a thread. */
export function readText({ text, choices, earlier }: DocumentJob): DocumentResult {
  const parsed = parseText(text);
  if ('refused' in parsed) return parsed;
  const id = choices.id ?? usualId(parsed.value);
  // What was decided at an earlier import of it holds on.
  const decided = joined(earlier.find((one) => one.id === id)?.choices ?? {}, choices);
  const read = readOpenApi(parsed.value, { ...decided, id });
  if ('refused' in read) return read;
  const unstorable = findUnstorable(read);
  if (unstorable !== null) return { refused: `The document can't be kept: ${unstorable.message}` };
  const sealed = sealDeclaration(read.declaration);
  if (sealed.text.length > mostCharacters)
    return { refused: 'What would be kept of the document is larger than 8 MB: import a part of it.' };
  const { description, origin, oauth } = read.declaration;
  return {
    ...sealed,
    declared: { description, origin, oauth },
    choices: decided,
    report: read.report,
    documentHash: `sha256:${hash('sha256', text)}`,
  };
}

/** An action, or a choice, of which nothing is said now stays as it was decided before. */
function joined(before: Choices, { effects, receives = before.receives }: Choices): Choices {
  const all = { ...before.effects, ...effects };
  return {
    ...(Object.keys(all).length === 0 ? {} : { effects: all }),
    ...(receives === undefined ? {} : { receives }),
  };
}

/** What of a stored declaration another one changes; null where they say the same. */
export function compareTexts({ before, after }: StoredTexts): DeclarationChanges | null {
  const changes = compareDeclarations(opened(before), opened(after));
  return isNothing(changes) ? null : changes;
}

function opened(text: string): Declaration {
  return declarationSchema.parse(JSON.parse(text));
}

const tooMuch = {
  refused:
    'The document is neither JSON nor YAML that can be read: it is nested too deep, or repeats itself too often.',
};

function parseText(text: string): { value: unknown } | { refused: string } {
  if (/^\s*[{[]/.test(text)) {
    try {
      return { value: JSON.parse(text) };
    } catch {
      // YAML may begin with a brace too.
    }
  }
  try {
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
    const [wrong] = document.errors;
    if (wrong?.code === 'RESOURCE_EXHAUSTION') return tooMuch;
    if (wrong !== undefined)
      return { refused: `The document is neither JSON nor YAML: ${wrong.message.slice(0, 200)}.` };
    if (document.warnings.some(({ code }) => code === 'TAG_RESOLVE_FAILED'))
      return { refused: 'The document has tags that are not of YAML itself: write out what they stand for.' };
    return { value: document.toJS({ maxAliasCount: mostAliases }) };
  } catch {
    return tooMuch;
  }
}
