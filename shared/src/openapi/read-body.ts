import type { ImportedCall } from './declaration.js';
import { entriesOf, type Fields, member, type OpenedDocument } from './opened-document.js';
import { reduceSchema, type Room } from './reduce-schema.js';

type Body = NonNullable<ImportedCall['body']>;

/** What an operation wants sent, in the first of its forms that we write; null for nothing. */
export function readBody(
  operation: Fields,
  { document, room }: { document: OpenedDocument; room: Room },
): { body: Body; schema: Fields; isRequired: boolean } | null {
  const given = document.resolve(member(operation, 'requestBody'));
  const forms = entriesOf(member(given, 'content'));
  const ways = forms.map(([type, media]) => ({ ...encodingOf(type), media }));
  const [best] = ways.sort((one, other) => one.rank - other.rank);
  if (best === undefined) return null;
  const { contentType, encoding } = best;
  const schema = reduceSchema(member(best.media, 'schema'), { document, room, direction: 'in' });
  if (encoding === 'multipart')
    document.warn('Files in a form are sent as text: no other kind of file can be sent yet.');
  return {
    body: { contentType, encoding },
    schema: encoding === 'text' ? { type: 'string', description: `Sent as it is, as ${contentType}.` } : schema,
    isRequired: member(given, 'required') === true,
  };
}

/** The schema of the first answer that is no error; anything where the document says nothing of it. */
export function readAnswer(operation: Fields, { document, room }: { document: OpenedDocument; room: Room }): Fields {
  const answers = entriesOf(member(operation, 'responses')).filter(([status]) => /^2(?:\d\d|XX)$/i.test(status));
  for (const [, given] of answers.sort(([one], [other]) => one.localeCompare(other))) {
    const json = entriesOf(member(document.resolve(given), 'content')).find(
      ([type]) => encodingOf(type).encoding === 'json',
    );
    if (json !== undefined) return reduceSchema(member(json[1], 'schema'), { document, room, direction: 'out' });
  }
  return {};
}

function encodingOf(type: string): Body & { rank: number } {
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? '';
  const isSendable = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(plain);
  if (plain === 'application/json' || plain === '*/*' || plain === 'application/*' || plain === '') {
    return { contentType: 'application/json', encoding: 'json', rank: 0 };
  }
  if (isSendable && (plain.endsWith('+json') || plain.endsWith('/json')))
    return { contentType: plain, encoding: 'json', rank: 1 };
  if (plain === 'application/x-www-form-urlencoded') return { contentType: plain, encoding: 'form', rank: 2 };
  if (plain === 'multipart/form-data') return { contentType: plain, encoding: 'multipart', rank: 3 };
  return { contentType: isSendable && !plain.includes('*') ? plain : 'text/plain', encoding: 'text', rank: 4 };
}
