import {
  type AnyAction,
  choicesIn,
  type ChoicesFrom,
  type Connector,
  describeConnector,
  fieldsBefore,
  listingInput,
  readChoices,
} from '@sluice/shared/connector';
import { expect } from 'vitest';
import { z } from 'zod';
import type { ContractCheck } from './connector-checks.js';

const textsSchema = z.record(z.string(), z.json());

/** What a field owes whose choices a service knows: a listing that reads, changes nothing, and gives what the field takes. */
export function choicesChecks(connector: Connector): readonly ContractCheck[] {
  const { actions, triggers } = describeConnector(connector);
  const forms = [
    ...actions.map(({ id, input }) => ({ id, schema: input, parser: connector.actions[id]?.input })),
    ...triggers.map(({ id, params }) => ({ id, schema: params, parser: connector.triggers[id]?.params })),
  ];
  return forms.flatMap(({ id, schema, parser }) =>
    [...choicesIn(schema)].map(([name, from]) => ({
      point: 'declared' as const,
      name: `${id}: "${name}" is chosen from what ${from.action} lists`,
      async run() {
        const fields = Object.keys(Object(schema.properties));
        expect(fields, 'fields that have to be there before').toEqual(expect.arrayContaining(fieldsBefore(from)));
        expect(fieldsBefore(from), 'a field that waits for itself').not.toContain(name);
        checkListing(connector, from, shapeOf(parser)[name]);
      },
    })),
  );
}

function checkListing(connector: Connector, from: ChoicesFrom, field: z.ZodType | undefined): void {
  const listing = connector.actions[from.action];
  if (listing === undefined) throw new Error(`there is no action ${from.action}`);
  expect(listing.effect, 'a listing changes nothing').toEqual({ class: 'natural' });
  expect(listing.callFrom, 'a listing is one declared call').toBeUndefined();
  expect(listing.outputClasses?.items, 'choices are shown in the clear').toMatch(/^(?:public|internal)$/);
  const given = givenIn(listing, from);
  listing.input.parse(listingInput(connector, from, given));
  const choices = readChoices(from, listing.sample.output, given);
  expect(choices.length, 'choices in the sample').toBeGreaterThan(0);
  for (const { value, label } of choices) {
    expect(field?.parse(value), 'the field takes what is chosen').toBe(value);
    expect(label).not.toBe('');
  }
}

/** A form that agrees with the listing's own sample. */
function givenIn(listing: AnyAction, { input = {}, where = {} }: ChoicesFrom) {
  const asked = textsSchema.parse(listing.sample.input);
  const [item] = z.object({ items: z.array(z.unknown()) }).parse(listing.sample.output).items;
  const at = (path: string) => path.split('.').reduce<unknown>((here, name) => Reflect.get(Object(here), name), item);
  return textsSchema.parse({
    ...Object.fromEntries(Object.entries(input).map(([to, name]) => [name, asked[to]])),
    ...Object.fromEntries(Object.entries(where).map(([path, name]) => [name, at(path)])),
  });
}

function shapeOf(parser: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> {
  return parser instanceof z.ZodObject ? parser.shape : {};
}
