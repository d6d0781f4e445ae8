import { z } from 'zod';
import { address } from '../evm/hex.ts';
import { malformed, ok, type Parsed } from '../parsed.ts';
import type { X402Scheme } from './offer.ts';

/** A way to pay that a facilitator settles. `network` is CAIP-2 in version 2, such as `eip155:8453` or `eip155:*`. */
export type SupportedKind = {
  readonly x402Version: 1 | 2;
  readonly scheme: X402Scheme;
  readonly network: string;
  /** Who settles scheme `upto`; null where the facilitator names nobody. */
  readonly facilitatorAddress: string | null;
};

/** What a facilitator says it settles, by which addresses, lower-cased, and which extensions it knows. */
export type SupportedKinds = {
  readonly kinds: readonly SupportedKind[];
  readonly signers: readonly string[];
  readonly extensions: readonly string[];
};

const text = z.string().max(200);
const known = z.object({
  x402Version: z.literal([1, 2]),
  scheme: z.enum(['exact', 'upto']),
  network: text,
  extra: z.looseObject({ facilitatorAddress: address.optional() }).nullish(),
});
const document = z.object({
  kinds: z.array(z.unknown()).max(1_000),
  signers: z.record(text, z.array(z.unknown()).max(100)).nullish(),
  extensions: z.array(text).max(100).nullish(),
});

/** Reads a facilitator's answer to `/supported`. Kinds that are not known here are left out. */
export function fromSupportedJson(value: unknown): Parsed<SupportedKinds> {
  const read = document.safeParse(value);
  if (!read.success) return malformed('not a list of supported kinds');
  const signers = Object.values(read.data.signers ?? {}).flat();
  return ok({
    kinds: read.data.kinds.flatMap(kindOf),
    signers: signers.flatMap(signerOf),
    extensions: read.data.extensions ?? [],
  });
}

function kindOf(item: unknown): SupportedKind[] {
  const read = known.safeParse(item);
  if (!read.success) return [];
  const { extra, ...kind } = read.data;
  return [{ ...kind, facilitatorAddress: extra?.facilitatorAddress ?? null }];
}

function signerOf(item: unknown): string[] {
  const read = address.safeParse(item);
  return read.success ? [read.data.toLowerCase()] : [];
}
