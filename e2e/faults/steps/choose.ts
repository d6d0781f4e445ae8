/** So many of these, chosen by a seed; all where there are no more. */
export function chooseSome<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  const left = [...all];
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(random(left.length), 1)[0] as T);
}
