import type { X402Extension } from './extensions.ts';
import type { X402Offer } from './offer.ts';
import type { StatementSigner } from './statement-signer.ts';

/** The extension by which a server signs what it offers, and that it was paid. */
export const offerReceiptKey = 'offer-receipt';

const statement = { type: 'object', properties: { format: { type: 'string' }, signature: { type: 'string' } } };

/** The declaration with a signed offer for each of `accepts`, in their order. `validUntil` is in Unix seconds. */
export function signedOffers(
  signer: StatementSigner,
  offers: readonly X402Offer[],
  resourceUrl: string,
  validUntil: number,
): X402Extension {
  const signed = offers.map(({ scheme, network, asset, payTo, amountAtomic }, acceptIndex) => {
    const terms = { scheme, network, asset, payTo, amount: amountAtomic.toString() };
    const signature = signer.sign({ version: 1, resourceUrl, ...terms, validUntil });
    return { format: 'jws', acceptIndex, signature };
  });
  return {
    info: { offers: signed },
    schema: { type: 'object', properties: { offers: { type: 'array', items: statement } } },
  };
}

/** What a receipt says: who paid for what, by which transaction, and when it was given, in Unix seconds. */
export type PaidStatement = {
  readonly network: string;
  readonly resourceUrl: string;
  readonly payer: string;
  readonly transaction: string;
  readonly issuedAt: number;
};

/** The extension of a settle response with a signed receipt. */
export function signedReceipt(signer: StatementSigner, paid: PaidStatement): X402Extension {
  const signature = signer.sign({ version: 1, ...paid });
  const receipt = { format: 'jws', signature };
  return { info: { receipt }, schema: { type: 'object', properties: { receipt: statement } } };
}
