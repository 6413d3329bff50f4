/** An object's own member, or nothing: names in a document are a person's, and one may be called `constructor`. */
export function ownMember<Value>(record: Readonly<Record<string, Value>>, key: string | undefined): Value | undefined {
  return key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
