import { parseWhole } from './whole.ts';

/** One of the seven hues of named series; the eighth colour is kept for what is folded into "Other". */
export type Hue = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Which key has which hue: a plain object, which may pass from server to browser. Make one for a page and hand it to every chart, so that a key looks the same in all. */
export type HueMap = Readonly<Record<string, Hue>>;

export const OTHER_KEY = '\u0000other';

const HUES: readonly Hue[] = [1, 2, 3, 4, 5, 6, 7];

/** Gives the first seven different keys the seven hues in their fixed order; keys beyond have none and fold into "Other". */
export function assignHues(keys: Iterable<string>): HueMap {
  const first = [...new Set(keys)].slice(0, HUES.length);
  return Object.fromEntries(HUES.slice(0, first.length).map((hue, index) => [first[index] ?? '', hue]));
}

/** The CSS colour of a key; one without a hue has the colour of "Other". */
export function colourOf(hues: HueMap, key: string): string {
  return Object.hasOwn(hues, key) ? `var(--series-${hues[key]})` : 'var(--series-other)';
}

/** One bar of a chart over time: when it begins, and a whole number (nano-dollars or units) by key. */
export interface TimeBucket {
  readonly at: string;
  readonly values: Readonly<Record<string, string>>;
}

/** One key of a chart with its total over all buckets. `OTHER_KEY` stands for the keys that have no hue. */
export interface Series {
  readonly key: string;
  readonly label: string;
  readonly total: bigint;
}

export interface FoldedBucket {
  readonly at: string;
  readonly values: Readonly<Record<string, bigint>>;
  readonly total: bigint;
}

export interface FoldedSeries {
  readonly series: readonly Series[];
  readonly buckets: readonly FoldedBucket[];
  readonly hues: HueMap;
  readonly total: bigint;
}

/** Sums each key, keeps those that have a hue (or the seven largest) and adds the rest up as "Other". Exact: whole numbers only. */
export function foldSeries(
  buckets: readonly TimeBucket[],
  labels: Readonly<Record<string, string>> = {},
  pageHues?: HueMap,
): FoldedSeries {
  const totals = totalsByKey(buckets);
  const ranked = [...totals].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1));
  const largest = ranked.slice(0, HUES.length).map(([key]) => key);
  const hues = pageHues ?? assignHues([...largest].sort());
  const named = ranked.filter(([key]) => Object.hasOwn(hues, key));
  const folded = ranked.filter(([key]) => !Object.hasOwn(hues, key));
  const series: Series[] = named.map(([key, total]) => ({ key, label: labels[key] ?? key, total }));
  if (folded.length > 0)
    series.push({ key: OTHER_KEY, label: otherLabel(folded, labels), total: sum(folded.map(([, total]) => total)) });
  return {
    series,
    hues,
    buckets: buckets.map((bucket) => foldBucket(bucket, hues)),
    total: sum(series.map(({ total }) => total)),
  };
}

function foldBucket({ at, values }: TimeBucket, hues: HueMap): FoldedBucket {
  const folded: Record<string, bigint> = Object.create(null);
  let total = 0n;
  for (const [key, text] of Object.entries(values)) {
    const value = parseWhole(text);
    const target = Object.hasOwn(hues, key) ? key : OTHER_KEY;
    folded[target] = (folded[target] ?? 0n) + value;
    total += value;
  }
  return { at, values: folded, total };
}

function totalsByKey(buckets: readonly TimeBucket[]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { values } of buckets) {
    for (const [key, text] of Object.entries(values)) totals.set(key, (totals.get(key) ?? 0n) + parseWhole(text));
  }
  return totals;
}

/** A single key that has a name of its own may be a sum of others already: its name says more than a count of one. */
function otherLabel(folded: readonly (readonly [string, bigint])[], labels: Readonly<Record<string, string>>): string {
  const [only] = folded.length === 1 ? folded : [];
  return (only && labels[only[0]]) ?? `Other (${folded.length})`;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
