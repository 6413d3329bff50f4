import type { SqlRequest } from '@sluice/shared/connector';

/** Each is the only way in which a statement reads or writes a file of the database's machine, also inside of a comment that is carried out. */
const files = /\b(?:infile|outfile|dumpfile|load_file)\b/i;
/**
 * Of a statement that is made while it runs a parameter would become a part. Each of these needs both words; that comments may
 * stand between them, and what is a comment depends on what is text, is why they are looked for anywhere.
 */
const made = [/\bexecute\b/i, /\b(?:immediate|prepare)\b/i];
/** Does the same, and comes with the server. */
const maker = /\bexecute_prepared_stmt\b/i;
/** Comments that carry out nothing, as the server reads them: those that do begin with `!` or `M!`. */
const before = /^(?:\s|\(|#[^\n]*(?:\n|$)|--(?=\s)[^\n]*(?:\n|$)|\/\*(?!M?!)[\s\S]*?\*\/)*/;
/** Statements that end no transaction and begin none, so that the one that only reads holds for all they do. */
const reading = /^(?:select|with|table|values|show|describe|desc|explain)\b/i;

/** Why a statement isn't asked for at all; null: it is. */
export function whyRefused({ do: does, statement }: SqlRequest): string | null {
  if (files.test(statement))
    return "A statement may name no INFILE, OUTFILE, DUMPFILE or LOAD_FILE, also not inside of text: files of the database's machine are left alone. Give such text as a parameter.";
  if (made.every((word) => word.test(statement)) || maker.test(statement))
    return 'A statement may not make another one (EXECUTE IMMEDIATE, or PREPARE and EXECUTE), also not inside of text: write out what it is to do.';
  if (does === 'query' && !reading.test(statement.replace(before, '')))
    return 'A query begins with SELECT, WITH, TABLE, VALUES, SHOW, DESCRIBE or EXPLAIN, since others may end the transaction that only reads: use Execute for it.';
  return null;
}
