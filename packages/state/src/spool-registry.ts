import type { Hold, Seat, SettleItem, Tag } from './port.ts';

export interface SpoolRegistration {
  readonly spoolId: string;
  readonly bootId: string;
  readonly host: string;
  readonly url: string;
}

/** How far a spool has come: calls that reserved before `sinceMs`, by the store's clock, have their items at or below `sequence`. */
export interface SpoolReport {
  readonly sequence: number;
  readonly sinceMs: number;
}

/** What the store knows of a gateway. `report` is its newest, `atMs` when it came; null: none since it registered here. */
export interface RegisteredSpool extends SpoolRegistration {
  readonly registeredAtMs: number;
  readonly closedAtMs: number | null;
  readonly report: (SpoolReport & { readonly atMs: number }) | null;
}

/** Gateways by their spool folder, which is their identity. */
export interface SpoolRegistry {
  register(spool: SpoolRegistration): Promise<void>;
  /** Takes the place of the report before. Of a spool that is not registered or was closed it is ignored. */
  report(spoolId: string, report: SpoolReport): Promise<void>;
  /**
   * Takes a spool whose owner was proved dead: raises its incarnation in every tag that it touched, then lists its holds.
   * Answers the seats to go on from (`number` is the last one used), each under its tag's epoch. Calling it again is
   * harmless, and after an epoch needed again: the seats begin anew, and the holds are those that were restored.
   */
  takeOver(
    deadSpoolId: string,
    bySpoolId: string,
  ): Promise<{ readonly incarnation: number; readonly seats: readonly Seat[]; readonly holds: readonly Hold[] }>;
  /**
   * Settles holds that a taken spool has in a tag, whatever its seat there says: for who writes a machine off. Calls that hold
   * nothing are passed over. StateRejected when the spool was not taken, or the tag is to be rebuilt.
   */
  settleTaken(spoolId: string, tag: Tag, settles: readonly SettleItem[]): Promise<void>;
  /** Ends a spool whose holds and events are all gone; its batches are `superseded` from then on. Else StateRejected. */
  close(spoolId: string): Promise<void>;
  list(): Promise<readonly RegisteredSpool[]>;
}
