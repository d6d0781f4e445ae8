/** What a page's address says after the question mark, as Next hands it over. */
export type SearchParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One value of the address; an empty one counts as none, of several the first. */
export function param(search: SearchParams, name: string): string | undefined {
  const value = search[name];
  const first = typeof value === 'string' ? value : value?.[0];
  return first === '' ? undefined : first;
}

/** The value of the address when it is one of the choices, else the first of them. */
export function choice<Value extends string>(search: SearchParams, name: string, choices: readonly Value[]): Value {
  const value = param(search, name);
  return choices.find((each) => each === value) ?? (choices[0] as Value);
}

/** The same page with some values changed; null takes one out. A path without values has no question mark. */
export function hrefWith(
  path: string,
  search: SearchParams,
  changes: Readonly<Record<string, string | null | undefined>>,
): string {
  const kept = Object.keys(search).flatMap((name) => {
    const value = name in changes ? undefined : param(search, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const changed = Object.entries(changes).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const query = new URLSearchParams([...kept, ...changed].map(([name, value]) => [name, value])).toString();
  return query === '' ? path : `${path}?${query}`;
}
