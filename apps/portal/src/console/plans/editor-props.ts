import type { TermsDraft, TermsErrors } from './terms-draft.ts';

/** What each part of the editor of terms is given. */
export interface EditorProps {
  readonly draft: TermsDraft;
  readonly errors: TermsErrors;
  readonly onChange: (draft: TermsDraft) => void;
}

/** The list with one entry changed, or without it. */
export function replaced<Item>(items: readonly Item[], index: number, item: Item | null): readonly Item[] {
  return items.flatMap((old, at) => (at !== index ? [old] : item === null ? [] : [item]));
}
