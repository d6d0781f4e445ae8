import type {
  BatchItem,
  BatchReply,
  CloseReply,
  CounterStore,
  GrantedNode,
  Hold,
  Seat,
  Tag,
  TakenWindow,
} from '../port.ts';
import { decodeReply, type WireReply } from '../wire/decode-reply.ts';
import type { Connection } from './connection.ts';
import { encodeBatch } from './encode-batch.ts';

const parameters = Array.from({ length: 29 }, (_, index) => `$${index + 1}`).join(', ');
const batchStatement = `SELECT state.batch(${parameters})`;

type WireNode = Omit<GrantedNode, 'limit' | 'spent' | 'held'> & Record<'limit' | 'spent' | 'held', number>;
type WireHold = Omit<Hold, 'nodes'> & {
  readonly nodes: readonly { readonly node: string; readonly periodId: string; readonly amount: number }[];
};

/** Counters, windows and holds: one function call, one transaction, per batch. */
export function postgresCounters(connection: Connection): CounterStore {
  return {
    async batch(seat: Seat, items: readonly BatchItem[]): Promise<BatchReply> {
      const { values, periods } = encodeBatch(seat, items);
      const reply = await connection.value<string>('state_batch', batchStatement, values);
      return decodeReply(JSON.parse(reply) as WireReply, items, periods);
    },
    closeSeat({ tag, epoch, spoolId, incarnation, number }: Seat): Promise<CloseReply> {
      const values = [tag, epoch, spoolId, incarnation, number];
      return connection.value('state_close_seat', 'SELECT state.close_seat($1, $2, $3, $4, $5)', values);
    },
    async read(tag: Tag): Promise<readonly GrantedNode[]> {
      const nodes = await connection.value<WireNode[]>('state_read', 'SELECT state.read_counters($1)', [tag]);
      return nodes.map((node) => ({
        ...node,
        limit: BigInt(node.limit),
        spent: BigInt(node.spent),
        held: BigInt(node.held),
      }));
    },
    readWindows: (tag, windows) =>
      connection.value<TakenWindow[]>('state_read_windows', 'SELECT state.read_windows($1, $2, $3)', [
        tag,
        windows.map(({ window }) => window),
        windows.map(({ windowSeconds }) => windowSeconds),
      ]),
    async holds({ tag, spoolId }): Promise<readonly Hold[]> {
      const values = [tag ?? null, spoolId ?? null];
      return fromWireHolds(await connection.value('state_holds', 'SELECT state.list_holds($1, $2)', values));
    },
  };
}

/** Amounts are at most 9*10^15 and so exact as JSON numbers. */
export function fromWireHolds(holds: readonly WireHold[]): Hold[] {
  return holds.map((hold) => ({
    ...hold,
    nodes: hold.nodes.map((part) => ({ ...part, amount: BigInt(part.amount) })),
  }));
}

export type { WireHold };
