import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of a text, which every script of the world may be in. */
export type Weight = 'regular' | 'bold';

/** A font file of a family, and what it draws. */
interface FontFile {
  readonly name: string;
  readonly path: string;
  readonly covers: (codePoint: number) => boolean;
}

/** Families in the order in which they are asked for a character. The last has one for everything, however plain. */
const FAMILIES = [
  { name: 'noto-sans', weights: { regular: '400', bold: '600' } },
  { name: 'kosugi', weights: { regular: '400', bold: '400' } },
  { name: 'unifontex', weights: { regular: '400', bold: '400' } },
] as const;

/** Fonts by weight: each character has the first that draws it. */
export function fontFiles(weight: Weight): readonly FontFile[] {
  const known = cache.get(weight);
  if (known !== undefined) return known;
  const files = FAMILIES.flatMap(({ name, weights }) => filesOf(name, weights[weight]));
  cache.set(weight, files);
  return files;
}

const cache = new Map<Weight, readonly FontFile[]>();

function filesOf(family: string, weight: string): FontFile[] {
  const folder = folderOf(family);
  const ranges = Object.entries(JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Ranges);
  // The family that is not split says no ranges.
  const subsets = ranges.length === 0 ? [['latin', ''] as const] : ranges.sort(([a], [b]) => order(a) - order(b));
  return subsets.map(([subset, range]) => {
    const name = `${family}-${subset.replace(/[[\]]/g, '')}-${weight}-normal`;
    const covers = range === '' ? () => true : coverage(range);
    return { name, path: join(folder, 'files', `${name}.woff`), covers };
  });
}

type Ranges = Readonly<Record<string, string>>;

/** Latin letters first: what is in several files is taken from the one that its neighbours are in. */
function order(subset: string): number {
  return subset === 'latin' ? 0 : 1;
}

/** Of `U+0100-02BA,U+2020`. */
function coverage(range: string): (codePoint: number) => boolean {
  const stretches = range.split(',').map((part) => {
    const [from = '', to = from] = part.trim().replace(/^U\+/i, '').split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
  return (codePoint) => stretches.some(([from, to]) => codePoint >= from && codePoint <= to);
}

/** A bundled file knows no folder of its own, but its server runs below the modules. */
const STARTS: readonly (string | undefined)[] = [import.meta.dirname, process.cwd()];

/** Where a family is installed. */
function folderOf(family: string): string {
  for (const start of STARTS) {
    if (start === undefined) continue;
    for (let at = start; ; at = dirname(at)) {
      const folder = join(at, 'node_modules', '@fontsource', family);
      if (existsSync(join(folder, 'unicode.json'))) return folder;
      if (at === dirname(at)) break;
    }
  }
  throw new Error(`the font @fontsource/${family} is not installed`);
}
