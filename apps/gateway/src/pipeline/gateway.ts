import type { X402Rail } from '@tollwright/payments';
import type { Batcher, StatePort } from '@tollwright/state';
import type { Logger } from 'pino';
import type { PrincipalCache } from '../identify/principal-cache.ts';
import type { ApiRegistry } from '../snapshot/registry.ts';
import type { SnapshotSource } from '../snapshot/source.ts';
import type { Spool } from '../spool/spool.ts';
import type { UpstreamClient } from '../upstream/upstream.ts';

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
  readonly upstream: UpstreamClient;
  /** How strangers pay; null where no facilitator is configured. */
  readonly rail: X402Rail | null;
  readonly log: Logger;
  /** False until the state store knows this spool: nothing may be reserved before. */
  registered: boolean;
  /** True once the process was told to stop. */
  draining: boolean;
  /** Calls that are under way. */
  running: number;
  /** Another process owns this spool now: ends the process at once, for whatever it did would count twice. */
  readonly onSuperseded: () => void;
}
