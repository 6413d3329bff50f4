import type { ParameterPlace } from './declaration.js';
import { type Fields, isFields, listOf, member, type OpenedDocument } from './opened-document.js';
import { reduceSchema, type Room } from './reduce-schema.js';
import { plainLine, plainName, shortName } from './texts.js';

/** What the parameters of an operation ask of an action's input. */
export interface ReadParameters {
  places: ParameterPlace[];
  properties: Record<string, Fields>;
  required: string[];
  keyHeader: string | null;
}

/** Set by the broker, by the body or by the connection: no flow writes them. */
const reservedHeaders = new Set([
  'accept',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const mostParameters = 100;

interface Found {
  name: string;
  in: string;
  parameter: Fields;
}

/** Of an operation and its path; what the path names and nobody declares is text. `secretPlaces` are where a connection's secret goes. */
export function readParameters(
  { operation, pathItem, path }: { operation: Fields; pathItem: Fields; path: string },
  { document, room, secretPlaces }: { document: OpenedDocument; room: Room; secretPlaces: ReadonlySet<string> },
): ReadParameters {
  const found = listParameters(document, [...listOf(pathItem['parameters']), ...listOf(operation['parameters'])]);
  const inPath = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
  const read: ReadParameters = { places: [], properties: {}, required: [], keyHeader: null };
  for (const name of inPath) {
    if (found.some((one) => one.in === 'path' && one.name === name)) continue;
    document.warn('Path parameters that are not declared were taken for text.');
    found.push({ name, in: 'path', parameter: {} });
  }
  for (const one of found.slice(0, mostParameters)) {
    if (!isUsable(one, { document, inPath, secretPlaces })) continue;
    if (one.in === 'header' && one.name.toLowerCase() === 'idempotency-key') read.keyHeader = one.name;
    else add(read, one, { document, room });
  }
  return read;
}

/** The operation's own win over those of its path. */
function listParameters(document: OpenedDocument, given: readonly unknown[]): Found[] {
  const byPlace = new Map<string, Found>();
  for (const each of given.slice(0, 2 * mostParameters)) {
    const parameter = document.resolve(each);
    const [name, place] = [member(parameter, 'name'), member(parameter, 'in')];
    if (!isFields(parameter) || typeof name !== 'string' || typeof place !== 'string' || name === '') continue;
    byPlace.set(`${place} ${name}`, { name, in: place, parameter });
  }
  return [...byPlace.values()];
}

function isUsable(
  { name, in: place }: Found,
  {
    document,
    inPath,
    secretPlaces,
  }: { document: OpenedDocument; inPath: readonly string[]; secretPlaces: ReadonlySet<string> },
): boolean {
  if (secretPlaces.has(`${place} ${name.toLowerCase()}`)) return false;
  if (place === 'path') return inPath.includes(name);
  if (place === 'header') return !reservedHeaders.has(name.toLowerCase()) && /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name);
  if (place === 'cookie') document.warn('Parameters in cookies are never sent.');
  return place === 'query' && name.length <= 200;
}

function add(
  read: ReadParameters,
  { name, in: place, parameter }: Found,
  around: { document: OpenedDocument; room: Room },
): void {
  const isPlace = place === 'path' || place === 'query' || place === 'header';
  if (!isPlace) return;
  const field = freeField(read.properties, name, place);
  const content = member(parameter, 'content');
  const [media] = isFields(content) ? Object.values(content) : [];
  const schema = reduceSchema(media === undefined ? member(parameter, 'schema') : member(media, 'schema'), {
    ...around,
    direction: 'in',
  });
  const described = plainLine(member(parameter, 'description'), 200);
  read.properties[field] = described === '' ? schema : { ...schema, description: described };
  if (place === 'path' || member(parameter, 'required') === true) read.required.push(field);
  read.places.push({ field, name, in: place, ...styleOf(parameter, { place, isContent: media !== undefined }) });
}

function freeField(taken: Readonly<Record<string, unknown>>, name: string, place: string): string {
  const plain = shortName(plainName(name, '_').replaceAll('.', '_') || place, 60, name);
  const wanted = plain === 'body' || Object.hasOwn(taken, plain) ? `${place}_${plain}` : plain;
  let free = wanted;
  for (let at = 2; Object.hasOwn(taken, free); at += 1) free = `${wanted}_${at}`;
  return free;
}

function styleOf(
  parameter: Fields,
  { place, isContent }: { place: string; isContent: boolean },
): Pick<ParameterPlace, 'style' | 'explode'> {
  if (isContent) return { style: 'json', explode: false };
  const usual = place === 'query' ? 'form' : 'simple';
  const said = member(parameter, 'style');
  const fitting = stylesOf[place] ?? [];
  const style = fitting.find((one) => one === said) ?? usual;
  const explode = member(parameter, 'explode');
  return { style, explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'deepObject' };
}

const stylesOf: Readonly<Record<string, readonly ParameterPlace['style'][]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
};
