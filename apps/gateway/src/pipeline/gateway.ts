import type { Notice } from '@tollwright/contracts';
import type { MasterKey } from '@tollwright/contracts/sealed-secret';
import type { Rail } from '@tollwright/payments';
import type { createThresholds } from '@tollwright/policies';
import type { Batcher, StatePort } from '@tollwright/state';
import type { Logger } from 'pino';
import type { KeptBytes } from '../idempotency/kept-bytes.ts';
import type { PrincipalCache } from '../identify/principal-cache.ts';
import type { ShareLimits } from '../limits/share-limits.ts';
import type { SlotLimits } from '../limits/slot-limits.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { ApprovalAsks } from '../pay/approval-asks.ts';
import type { PaymentTally } from '../pay/payment-tally.ts';
import type { SignInDesk } from '../pay/sign-in/sign-in-desk.ts';
import type { ApiRegistry } from '../snapshot/registry.ts';
import type { SnapshotSource } from '../snapshot/source.ts';
import type { Spool } from '../spool/spool.ts';
import type { TraceSink } from '../trace/trace-queue.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { UpstreamWay } from '../upstream/upstream.ts';
import type { Visit } from './visit.ts';

/** Everything that the stages work with. Wired once, in `main.ts`. */
export interface Gateway {
  readonly name: string;
  /** Public addresses, without a trailing slash. */
  readonly gatewayUrl: string;
  readonly portalUrl: string;
  readonly registry: ApiRegistry;
  readonly source: SnapshotSource;
  readonly principals: PrincipalCache;
  readonly state: StatePort;
  readonly batcher: Batcher;
  readonly spool: Spool;
  readonly upstream: UpstreamWay;
  /** How strangers pay; none where nothing is configured that takes money. */
  readonly rails: readonly Rail[];
  /** How who paid before comes in; null where nobody can pay by x402. */
  readonly signIn: SignInDesk | null;
  /** Whole dollars that may wait to be settled on a chain, of a payment channel and of all channels of a payer. */
  readonly unsettledMax: { readonly channelUsd: number; readonly payerUsd: number };
  /** What is counted on the way to payments. */
  readonly tally: PaymentTally;
  /** What owners are asked to approve. */
  readonly asks: ApprovalAsks;
  /** Limits that this process keeps by itself. */
  readonly limits: { readonly shares: ShareLimits; readonly slots: SlotLimits };
  /** Tells which thresholds of budgets and quotas were reached. */
  readonly thresholds: ReturnType<typeof createThresholds>;
  /** How many proxies before this gateway are believed about where calls come from. */
  readonly trustedProxies: number;
  /** Gets the trace of every refused call, and of the sampled share (0 to 1) of the others. */
  readonly traces: TraceSink;
  readonly traceSample: number;
  /** Hears of thresholds as they are reached; they travel to Postgres with the event of the call. */
  readonly onNotice: (notice: Notice, about: { readonly customerId: string; readonly apiId: string }) => void;
  /** Seal answers that are kept. */
  readonly masterKeys: readonly MasterKey[];
  readonly keptBytes: KeptBytes;
  /** Where spans of calls go; null: nowhere, and callers' contexts pass unchanged. */
  readonly tracing: Tracing | null;
  /** What operators scrape. */
  readonly metrics: GatewayMetrics;
  /** Refusals of shadowed policies since the start, by `<api id> <policy>`. */
  readonly shadowed: Map<string, number>;
  readonly log: Logger;
  /** True once the state store has taken this spool. */
  enrolled: boolean;
  /** False until the state store knows this spool and has an open epoch for it: nothing may be reserved before. */
  registered: boolean;
  /** True once the process was told to stop. */
  draining: boolean;
  /** Granted and paid calls that are under way. */
  running: number;
  /** Requests that are being served, from their head until the outcome of their call is in the spool; in the order in which they came. */
  readonly visits: Set<Visit>;
  /** Another process owns this spool now: ends the process at once, for whatever it did would count twice. */
  readonly onSuperseded: () => void;
}
