import type { Hex } from 'viem';

/** A transaction as it goes to the chain, and its hash. */
export interface SignedTransaction {
  readonly raw: Hex;
  readonly transaction: Hex;
}

/** What one transaction is for. `callHash` is the same for the same call of the same contract: such a call is made once. */
export interface BroadcastCall {
  /** CAIP-2. */
  readonly network: string;
  /** Lower-cased. */
  readonly sender: Hex;
  readonly callHash: Hex;
}

/** A transaction that was kept before it was sent. `earlier` are the hashes of those that it replaced, at a lower fee. */
export interface Broadcast extends BroadcastCall, SignedTransaction {
  readonly broadcastId: string;
  readonly nonce: bigint;
  readonly earlier: readonly Hex[];
  /** `kept`: on its way. The others ended in a block. */
  readonly state: 'kept' | 'mined' | 'reverted';
  /** When it was signed last, Unix milliseconds. */
  readonly signedAtMs: number;
}

/**
 * Where transactions are kept before they are sent, by all processes that sign with one key: no two of them ever take the same
 * nonce, and none is lost that may have left the machine.
 */
export interface BroadcastBook {
  find(network: string, callHash: Hex): Promise<Broadcast | null>;
  /**
   * Keeps what `sign` makes with the first nonce that is free and at least `nonceMin`; one at a time for each sender. Where the
   * call has its transaction already, that one is answered, and nothing is signed.
   */
  keep(call: BroadcastCall, nonceMin: bigint, sign: (nonce: bigint) => Promise<SignedTransaction>): Promise<Broadcast>;
  /** All that are on their way on a network, lowest nonce first. */
  underWay(network: string): Promise<readonly Broadcast[]>;
  /** Puts a transaction of the same nonce in place of one that waits. False: somebody else moved it meanwhile. */
  replace(broadcast: Broadcast, next: SignedTransaction): Promise<boolean>;
  end(broadcast: Broadcast, state: 'mined' | 'reverted'): Promise<void>;
}
