import type { HeaderEdit } from '@tollwright/policies';

/** A flat header list after the edits of one side, in order. The list that came is not changed; none is given back as it is. */
export function editHeaders(flat: string[], edits: readonly HeaderEdit[], side: HeaderEdit['side']): string[] {
  let out = flat;
  for (const edit of edits) {
    if (edit.side !== side) continue;
    out = without(out, edit.name);
    if (edit.value !== null) out.push(edit.name, edit.value);
  }
  return out;
}

function without(flat: readonly string[], name: string): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const own = flat[i] as string;
    if (own.toLowerCase() !== name) kept.push(own, flat[i + 1] as string);
  }
  return kept;
}
