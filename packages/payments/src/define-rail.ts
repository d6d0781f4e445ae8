import type { VoucherUse } from './channel.ts';
import { isCovered, wholeCharge } from './charge.ts';
import type {
  Challenge,
  Checked,
  CheckTerms,
  Offer,
  Payment,
  PaymentFacts,
  Quoted,
  Rail,
  RailDefinition,
  Settlement,
} from './rail.ts';

/** What would be offered at a fixed price is left out where use decides. */
function withoutOffers({ offers, leftOut }: Quoted): Quoted<never> {
  const reason = 'takes-no-ceiling';
  return {
    offers: [],
    leftOut: [...offers.map(({ rail, network }) => ({ rail, network, reason }) as const), ...leftOut],
  };
}

const NOTHING: Challenge = { headers: [], members: {} };

/** Makes a rail of its definition: the pipeline need not know in which types a rail thinks. */
export function defineRail<O extends Offer, Credential, P extends PaymentFacts>(
  definition: RailDefinition<O, Credential, P>,
): Rail {
  const { name, scheme, capabilities } = definition;
  // Only a rail's own quote makes offers of its name and scheme.
  const isOwn = (offer: Offer): offer is O => offer.rail === name && (scheme ?? offer.scheme) === offer.scheme;
  const bound = (payment: P): Payment => ({
    ...payment,
    verify: () => definition.verify(payment).catch((error: unknown) => ({ kind: 'unavailable', reason: said(error) })),
    settle: async (order) => {
      const charge = order.charge ?? wholeCharge(payment.offer);
      if (!isCovered(payment.offer, charge)) throw new RangeError(`${charge.amountAtomic} is not what was authorized`);
      if (charge.amountAtomic === 0n) return { kind: 'released' };
      const unknown = (error: unknown): Settlement => ({ kind: 'unknown', reason: said(error), transaction: null });
      return definition.settle(payment, { description: '', labels: {}, ...order, charge }).catch(unknown);
    },
    receipt: (settlement, nowMs) => definition.receipt(payment, settlement, nowMs),
    voucher: voucherOf(payment),
  });
  const voucherOf = (payment: P): VoucherUse | null => {
    if (definition.voucher === undefined) return null;
    return { ...definition.voucher(payment), claimed: (channel) => bound({ ...payment, channel }) };
  };
  return {
    name,
    capabilities,
    owns: isOwn,
    manage: (headers) => definition.manage?.(headers) ?? null,
    quote: (wallets, priceNanoUsd, amounts = 'fixed') =>
      capabilities.amounts.includes(amounts)
        ? definition.quote(wallets, priceNanoUsd, amounts)
        : withoutOffers(definition.quote(wallets, priceNanoUsd, 'fixed')),
    challenge(offers, terms) {
      const own = offers.filter(isOwn);
      return own.length === 0 ? NOTHING : definition.challenge(own, terms);
    },
    parse(headers) {
      const shown = definition.parse(headers);
      if (shown.kind !== 'presented') return shown;
      const check = (terms: CheckTerms): Checked<Payment> => {
        const checked = definition.check(shown.credential, { ...terms, offers: terms.offers.filter(isOwn) });
        return checked.kind === 'refused' ? checked : { kind: 'accepted', payment: bound(checked.payment) };
      };
      return { kind: 'presented', credential: { rail: name, check } };
    },
  };
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
