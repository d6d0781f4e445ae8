export { isLoopback, type NonPublicAddress, nonPublicKind } from './address.ts';
export { type ConnectorOptions, createConnector } from './connector.ts';
export { createEgress, type Egress, type EgressInit } from './egress.ts';
export { EgressFailed, EgressRefused, type FailureReason, type RefusalReason } from './egress-error.ts';
export type { Resolve } from './guard.ts';
export { createSocketOpener, type Opened, type OpenSocket } from './socket-opener.ts';
export { parseTarget } from './target.ts';
export { createUpstreamDispatcher, type UpstreamDispatcherOptions } from './upstream-dispatcher.ts';
