import { openingHash } from '@tollwright/protocols';
import type * as TxEnvelope from 'ox/tempo/TxEnvelopeTempo';

/** What is read of a signed Tempo transaction. */
export type TempoTransaction = {
  readonly chainId: number;
  readonly sender: string;
  readonly calls: readonly {
    readonly to?: string | undefined;
    readonly data?: string | undefined;
    readonly value?: bigint | undefined;
  }[];
  /** Unix seconds; 0 and infinity where there is no bound. */
  readonly validAfter: number;
  readonly validBefore: number;
  /** Keccak-256 of what was signed: equal for every way of writing the same transaction. */
  readonly signedHash: string;
  /** Keccak-256 of what was signed and by whom: a channel that it opens is named by it. Source: TIP-1034. */
  readonly expiringNonceHash: string;
};

/** Reads signed transactions; null for one that is none, or that not its own payer alone has signed with a plain key. */
export type ReadTransaction = (raw: string) => TempoTransaction | null;

/** Loads the reader: a gateway that has no Tempo does without it. */
export async function loadTransactionReader(): Promise<ReadTransaction> {
  const envelopes: typeof TxEnvelope = await import('ox/tempo/TxEnvelopeTempo');
  return (raw) => {
    try {
      return readWith(envelopes, raw as `0x76${string}`);
    } catch {
      return null;
    }
  };
}

function readWith(envelopes: typeof TxEnvelope, raw: TxEnvelope.Serialized): TempoTransaction | null {
  const read = envelopes.deserialize(raw);
  const { signature, from: sender, feePayerSignature, keyAuthorization, authorizationList } = read;
  if (signature?.type !== 'secp256k1' || sender === undefined) return null;
  const { chainId, calls, validAfter = 0, validBefore = Number.POSITIVE_INFINITY } = read;
  // The library passes a list on where a text or a number is due.
  if (![chainId, validAfter].every(Number.isSafeInteger) || !calls.every(isCall)) return null;
  if (!Number.isSafeInteger(validBefore) && read.validBefore !== undefined) return null;
  // A sender that is named beside a fee payer is not the one that signed.
  if (feePayerSignature !== undefined || keyAuthorization !== undefined || authorizationList !== undefined) return null;
  const signedBytes = envelopes.encodeForSigning(envelopes.from(read));
  return {
    ...{ chainId, calls, validAfter, validBefore },
    sender: sender.toLowerCase(),
    signedHash: envelopes.getSignPayload(envelopes.from(read)),
    expiringNonceHash: openingHash(signedBytes, sender),
  };
}

function isCall({ to, data, value }: { to?: unknown; data?: unknown; value?: unknown }): boolean {
  return isNoneOr('string', to) && isNoneOr('string', data) && isNoneOr('bigint', value);
}

function isNoneOr(type: 'string' | 'bigint', value: unknown): boolean {
  return value === undefined || typeof value === type;
}
