/** The names in an object, and in the objects inside it; null where there is nothing to look into. */
export type Shape = { readonly [name: string]: Shape | null };

/** Fixtures as Stripe publishes them. */
export type Fixtures = { readonly resources: Readonly<Record<string, object>> };

/**
 * Places whose names are the user's, or that fixtures show as one of many variants: what is inside is not compared.
 * `data.object` of an event is compared as an object of its own kind.
 */
const openPlaces: ReadonlySet<string> = new Set([
  'data.object',
  'last_payment_error',
  'last_setup_error',
  'metadata',
  'next_action',
  'payment_method_options',
  'price.metadata',
  'shared_metadata',
]);

/** What fixtures leave out because it is optional, and what the double shows. */
const mayBeExtra: ReadonlySet<string> = new Set([
  'automatic_payment_methods.allow_redirects',
  'payment_method_details.card', // of a token; the fixture's token stands for another method
]);

/** The shape of an object. A list has that of its first item, under the name `[]`. */
export function shapeOf(value: unknown, path = ''): Shape | null {
  if (openPlaces.has(path)) return null;
  if (Array.isArray(value)) {
    const item = value.length === 0 ? null : shapeOf(value[0], path);
    return item === null ? null : { '[]': item };
  }
  if (typeof value !== 'object' || value === null) return null;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, shapeOf((value as Shape)[name], within(path, name))]));
}

/** Where an object differs from what is published, as sentences; what is null in one of them is not compared. */
export function differences(actual: Shape | null, published: Shape | null, path = ''): string[] {
  if (actual === null || published === null) return [];
  const missing = Object.keys(published).filter((name) => !Object.hasOwn(actual, name));
  const extra = Object.keys(actual)
    .filter((name) => !Object.hasOwn(published, name))
    .filter((name) => !mayBeExtra.has(within(path, name)));
  const inside = Object.keys(actual).flatMap((name) =>
    differences(actual[name] ?? null, published[name] ?? null, within(path, name)),
  );
  return [
    ...missing.map((name) => `lacks ${within(path, name)}`),
    ...extra.map((name) => `has ${within(path, name)}, which is not published`),
    ...inside,
  ];
}

/** The published shapes of some kinds: those of the first fixtures that have them. */
export function publishedShapes(kinds: readonly string[], fixtures: readonly Fixtures[]): Record<string, Shape> {
  const found = kinds.map((kind) => {
    const fixture = fixtures.map(({ resources }) => resources[kind]).find((resource) => resource !== undefined);
    return [kind, fixture === undefined ? null : shapeOf(fixture)] as const;
  });
  return Object.fromEntries(found.filter((entry): entry is [string, Shape] => entry[1] !== null));
}

function within(path: string, name: string): string {
  if (name === '[]') return path;
  return path === '' ? name : `${path}.${name}`;
}
