/** What stands at a path of plain data, `error.message`; of a list on the way the first entry counts. Own fields only. */
export function valueAt(data: unknown, path: string): unknown {
  if (path === '') return data;
  let here = data;
  for (const name of path.split('.')) {
    const place: unknown = Array.isArray(here) ? here[0] : here;
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, name)) return undefined;
    here = Reflect.get(place, name);
  }
  return here;
}
