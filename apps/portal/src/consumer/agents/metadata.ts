import type { Agent } from '../outputs.ts';

type Metadata = Agent['metadata'];

/** One line of the form. */
export interface MetadataLine {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

/**
 * What was typed as the agent's notes: lines without a name are left out. Values are text, but one that was not touched
 * keeps the type it had `before`, which a program may have set.
 */
export function metadataOf(lines: readonly MetadataLine[], before: Metadata = {}): Metadata {
  return Object.fromEntries(
    lines.flatMap(({ name, value }) => {
      const [key, text] = [name.trim(), value.trim()];
      if (key === '') return [];
      const known = Object.hasOwn(before, key) ? before[key] : undefined;
      return [[key, known !== undefined && String(known) === text ? known : text] as const];
    }),
  );
}

/** What was typed as a key's notes, which are text. */
export function notesOf(lines: readonly MetadataLine[]): Record<string, string> {
  return Object.fromEntries(
    lines.map(({ name, value }) => [name.trim(), value.trim()] as const).filter(([name]) => name !== ''),
  );
}

/** Notes as lines of the form. */
export function formLines(metadata: Metadata): readonly MetadataLine[] {
  return metadataLines(metadata).map(({ label, value }, index) => ({ id: index + 1, name: label, value }));
}

/** The name that stands twice, if one does: the later line would silently win. */
export function repeatedName(lines: readonly MetadataLine[]): string | null {
  const seen = new Set<string>();
  for (const { name } of lines) {
    const trimmed = name.trim();
    if (trimmed !== '' && seen.has(trimmed)) return trimmed;
    seen.add(trimmed);
  }
  return null;
}

/** Notes as lines of text, in the order of their names. */
export function metadataLines(metadata: Metadata): readonly { readonly label: string; readonly value: string }[] {
  return Object.entries(metadata)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value: value === null ? 'null' : String(value) }));
}
