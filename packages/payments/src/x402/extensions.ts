import {
  allowanceSponsoring,
  allowanceSponsoringKey,
  bazaarKey,
  bazaarOf,
  offerReceiptKey,
  paymentIdentifier,
  paymentIdentifierKey,
  type StatementSigner,
  signedOffers,
  type X402Extension,
  type X402Extensions,
} from '@tollwright/protocols';
import type { PaidRequest } from '../rail.ts';
import type { QuotedOffer } from './quote.ts';

/** All extensions of a challenge: clients send them back in a header, and other headers stand beside theirs. */
const charactersMax = 5_000;

/** What the extensions of a challenge depend on beside the request. */
export type ExtensionTerms = {
  /** Until when offers are signed as good, in Unix seconds. */
  readonly validUntil: number;
  /** Whether facilitators write down for Permit2 what a payer signs along. */
  readonly sponsorsAllowances: boolean;
};

/** What version 2 of a challenge declares beside its offers, as far as there is room for it. Without a signer none is signed. */
export function extensionsOf(
  signer: StatementSigner | null,
  offers: readonly QuotedOffer[],
  request: PaidRequest,
  { validUntil, sponsorsAllowances }: ExtensionTerms,
): X402Extensions {
  const extensions: Record<string, X402Extension> = { [paymentIdentifierKey]: paymentIdentifier };
  let left = charactersMax;
  const add = (key: string, extension: X402Extension | null): void => {
    const characters = extension === null ? 0 : JSON.stringify(extension).length;
    if (extension === null || characters > left) return;
    left -= characters;
    extensions[key] = extension;
  };
  if (sponsorsAllowances) add(allowanceSponsoringKey, allowanceSponsoring);
  add(bazaarKey, listingOf(request));
  if (signer !== null) add(offerReceiptKey, signedOffers(signer, offers, request.resource.url, validUntil));
  return extensions;
}

/** The part of them that clients have to send back as it was: what is the same at every time. */
export function extensionsToEcho(request: PaidRequest): X402Extensions {
  const listing = listingOf(request);
  const named = { [paymentIdentifierKey]: paymentIdentifier };
  return listing === null ? named : { ...named, [bazaarKey]: listing };
}

function listingOf({ resource, scope, operation }: PaidRequest): X402Extension | null {
  if (operation === undefined) return null;
  const { pathTemplate, requestSchema } = operation;
  const path = resource.url.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/\?.*$/s, '');
  return bazaarOf({ method: scope.method, pathTemplate, ...requestSchema }, path);
}
