export type { Broadcast, BroadcastBook, BroadcastCall, SignedTransaction } from './book.ts';
export type { BroadcastChain } from './broadcaster.ts';
export { Facilitator, type FacilitatorOptions, type GasLeft } from './facilitator.ts';
export type { AskNode } from './node.ts';
export { type FacilitatorServer, type FacilitatorServerOptions, startFacilitatorServer } from './server.ts';
