import fc from 'fast-check';

/** One to three changes of bytes: where, which byte, and how. */
export const edits = fc.array(
  fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set' as const, 'insert' as const, 'remove' as const)),
  { minLength: 1, maxLength: 3 },
);

export function editedBytes(bytes: Buffer, made: readonly (readonly [number, number, string])[]): Buffer {
  const edited = [...bytes];
  for (const [at, byte, kind] of made) {
    edited.splice(at % edited.length, kind === 'insert' ? 0 : 1, ...(kind === 'remove' ? [] : [byte]));
  }
  return Buffer.from(edited);
}

const digits = '0123456789abcdef';

/** What becomes of one member of a document, and of which: gone, something else, another digit, a little more or less, another spelling. */
export const memberChange = fc.tuple(
  fc.nat(),
  fc.oneof(
    fc.constant(() => undefined),
    fc.anything().map((value) => () => value),
    fc.tuple(fc.nat(), fc.nat({ max: 15 })).map(([at, digit]) => (old: unknown) => {
      if (typeof old !== 'string' || old === '') return digit;
      const index = at % old.length;
      return old.slice(0, index) + digits.charAt(digit) + old.slice(index + 1);
    }),
    fc
      .bigInt({ min: -2n, max: 2n })
      .map(
        (by) => (old: unknown) => (typeof old === 'string' && /^\d+$/.test(old) ? (BigInt(old) + by).toString() : old),
      ),
    fc.constant((old: unknown) => (typeof old === 'string' ? old.toUpperCase() : [old])),
  ),
);

export function changedSomewhere(
  document: unknown,
  [at, change]: readonly [number, (old: unknown) => unknown],
): unknown {
  const places = placesOf(document);
  return changedAt(document, places[at % places.length] ?? [], change);
}

/** Every place in a document, as the keys that lead to it. */
function placesOf(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => placesOf(item, [...at, key]))];
}

function changedAt(value: unknown, [key, ...rest]: readonly string[], change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const members = value as Record<string, unknown>;
  const changed = changedAt(members[key], rest, change);
  const others = Object.entries(members).filter(([name]) => name !== key);
  return Object.fromEntries(changed === undefined ? others : [...others, [key, changed]]);
}

export function writtenInBase64(value: unknown): string {
  return Buffer.from(JSON.stringify(value) ?? '').toString('base64');
}
