import { importPeer } from './import-peer.ts';

/** What is used of the client of x402 version 1. Wallets and signers are those of its own copy of viem. */
export interface X402V1 {
  createSigner(network: string, privateKey: string): Promise<unknown>;
  wrapFetchWithPayment(
    fetch: typeof globalThis.fetch,
    signer: unknown,
    /** The most that it pays for a call, in the token's unit: a tenth of a dollar where it is left out. */
    maxValue?: bigint,
  ): (url: string, init?: RequestInit) => Promise<Response>;
}

/** The unmodified `x402-fetch`. */
export function loadX402V1(): Promise<X402V1> {
  return importPeer('x402-v1', 'x402-fetch');
}
