import { paymentRecord, toJson } from '@tollwright/contracts';
import type { Hold, OpenClaim, Rejoin } from '../port.ts';

type WireHold = Omit<Hold, 'nodes'> & {
  readonly nodes: readonly { readonly node: string; readonly periodId: string; readonly amount: string }[];
};
type WireRejoin = Omit<Rejoin, 'holds' | 'claims'> & {
  readonly holds: readonly WireHold[];
  readonly claims: readonly (Omit<OpenClaim, 'record'> & { readonly record: unknown })[];
};

/** A report as both stores keep it: JSON, amounts as decimal strings. */
export function encodeRejoin(report: Rejoin): string {
  return toJson(report);
}

export function decodeRejoin(text: string): Rejoin {
  const wire = JSON.parse(text) as WireRejoin;
  return {
    ...wire,
    holds: wire.holds.map((hold) => ({
      ...hold,
      nodes: hold.nodes.map(({ node, periodId, amount }) => ({ node, periodId, amount: BigInt(amount) })),
    })),
    claims: wire.claims.map((claim) => ({ ...claim, record: paymentRecord.parse(claim.record) })),
  };
}
