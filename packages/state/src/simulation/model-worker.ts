import type { Hold } from '../port.ts';
import type { ModelStore } from './model-store.ts';

/** What Postgres knows and the worker does: events, the one epoch, and who has rejoined. */
export class ModelWorker {
  epoch = 1;
  open = true;
  /** Call -> what it was charged. Written by gateways before they settle, and never lost. */
  readonly events = new Map<string, bigint>();
  private readonly store: ModelStore;
  private readonly node: string;
  private readonly limit: bigint;
  private reports = new Map<string, readonly Hold[]>();

  constructor(store: ModelStore, node: string, limit: bigint) {
    this.store = store;
    this.node = node;
    this.limit = limit;
  }

  raise(above: number): void {
    if (this.epoch > above) return;
    this.epoch = above + 1;
    this.open = false;
    this.reports = new Map();
  }

  rejoin(epoch: number, spoolId: string, holds: readonly Hold[]): void {
    if (epoch === this.epoch && !this.open && !this.reports.has(spoolId)) this.reports.set(spoolId, holds);
  }

  /** Restores and opens once everybody of `spools` has rejoined. */
  keep(spools: readonly string[]): void {
    if (this.open || spools.some((spoolId) => !this.reports.has(spoolId))) return;
    const holds = [...this.reports.values()].flat();
    const held = new Set(holds.map((hold) => hold.callId));
    const spent = [...this.events].reduce((sum, [callId, charge]) => (held.has(callId) ? sum : sum + charge), 0n);
    this.store.restore(
      this.epoch,
      this.node,
      spent,
      holds.map(({ callId, spoolId, nodes }) => {
        const ask = { node: this.node, kind: 'budget', period: 'total', limit: this.limit } as const;
        const asks = nodes.map(({ amount }) => ({ ...ask, amount }));
        const item = {
          kind: 'reserve',
          callId,
          versions: {},
          windows: [],
          nodes: asks,
          deadlineAtMs: 0,
          reason: '',
        } as const;
        return [callId, { item, spoolId }] as const;
      }),
    );
    this.open = true;
  }
}
