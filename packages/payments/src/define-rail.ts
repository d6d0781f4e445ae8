import type { Wallet } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import type { VoucherUse } from './channel.ts';
import { isCovered, wholeCharge } from './charge.ts';
import type {
  Challenge,
  Checked,
  CheckTerms,
  LeftOut,
  Offer,
  Payment,
  PaymentFacts,
  PriceAmounts,
  Quoted,
  Rail,
  RailCapabilities,
  RailDefinition,
  Settlement,
} from './rail.ts';

/** What a rail would offer is left out, for a reason. */
function withoutOffers({ offers, leftOut }: Quoted, why: Omit<LeftOut, 'rail' | 'network'>): Quoted<never> {
  return { offers: [], leftOut: [...offers.map(({ rail, network }) => ({ rail, network, ...why })), ...leftOut] };
}

/** Quotes what a rail is capable of, and says of the rest why it is not. */
function quoteWithin(
  { amounts: able, minimumNanoUsd, networks, currencies }: RailCapabilities,
  quote: (wallets: readonly Wallet[], priceNanoUsd: NanoUsd, amounts: PriceAmounts) => Quoted,
): Rail['quote'] {
  return (wallets, priceNanoUsd, amounts = 'fixed') => {
    const own = wallets.filter((wallet) => networks.includes(placeOf(wallet)) && currencies.includes(paidIn(wallet)));
    const isAble = able.includes(amounts);
    const asked = isAble ? amounts : 'fixed';
    if (minimumNanoUsd !== null && priceNanoUsd > 0n && priceNanoUsd < minimumNanoUsd) {
      return withoutOffers(quote(own, minimumNanoUsd, asked), { reason: 'below-the-minimum', minimumNanoUsd });
    }
    const quoted = quote(own, priceNanoUsd, asked);
    return isAble ? quoted : withoutOffers(quoted, { reason: 'takes-no-ceiling' });
  };
}

/** The CAIP-2 namespace of an account's chain, or the name of its processor. */
function placeOf(wallet: Wallet): string {
  return wallet.kind === 'stripe' ? wallet.kind : (wallet.network.split(':')[0] ?? '');
}

/** Tokens are of dollars. */
function paidIn(wallet: Wallet): string {
  return wallet.kind === 'stripe' ? wallet.currency : 'usd';
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
    settles: capabilities.settles,
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
    quote: quoteWithin(capabilities, definition.quote),
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
