import type { Lab, Seen } from './lab.ts';

/** What the library does in our place; or why that could not be seen here. */
export type Library = ((lab: Lab) => Promise<Seen>) | { readonly notRun: string };

/** One defect of docs/payments/defects.md: what has to be seen of us, and what is seen of the library. */
export interface DefectRow {
  readonly row: string;
  ours(lab: Lab): Promise<Seen>;
  /** What `ours` has to be. */
  readonly expected: Seen;
  readonly library: Library;
}
