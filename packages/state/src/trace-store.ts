import type { CallTrace } from '@tollwright/contracts';

/** The most traces that wait for the worker. */
export const TRACES_KEPT_MAX = 10_000;

/** A trace as read back. One that does not parse comes with the reason. */
export type TraceEntry =
  | { readonly id: string; readonly trace: CallTrace }
  | { readonly id: string; readonly trace: null; readonly reason: string };

/** The way of call traces from gateways to the worker. No promise is made of them: they may come twice, or not at all. */
export interface TraceStore {
  /** Takes traces, each as JSON text, while fewer than TRACES_KEPT_MAX wait; answers how many of them, from the first on. */
  append(traces: readonly string[]): Promise<number>;
  /** The oldest that wait. */
  read(limit: number): Promise<readonly TraceEntry[]>;
  /** Forgets traces by the ids that they were read with. */
  remove(ids: readonly string[]): Promise<void>;
}
