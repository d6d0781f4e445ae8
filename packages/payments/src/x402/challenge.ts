import {
  type PaymentRequired,
  type SignInChallenge,
  type StatementSigner,
  serializePaymentRequired,
  signInExtension,
  signInKey,
  toPaymentRequiredV1,
  x402Headers,
} from '@tollwright/protocols';
import type { Challenge, ChallengeTerms } from '../rail.ts';
import { type ExtensionTerms, extensionsOf } from './extensions.ts';
import { maxTimeoutSeconds, type QuotedOffer } from './quote.ts';

const textCharactersMax = 400;
/** For so long one challenge is given to all who ask for the same: signed offers are good for that much less. */
const sharedSeconds = 10;
const keptMax = 500;

/** Writes challenges, and keeps what was written last. */
export class ChallengeWriter {
  readonly #signer: StatementSigner | null;
  readonly #kept = new Map<string, Written>();
  /** Schemas told apart: each snapshot has its own. */
  readonly #schemas = new WeakMap<object, number>();
  #schemaCount = 0;
  readonly #sponsors: (offer: QuotedOffer) => boolean;

  /**
   * Without a signer offers are not signed. `sponsors` says whether whoever settles an offer writes down for Permit2 what the
   * payer signs along.
   */
  constructor(signer: StatementSigner | null, sponsors: (offer: QuotedOffer) => boolean) {
    this.#signer = signer;
    this.#sponsors = sponsors;
  }

  /** One 402 for both generations: version 2 reads the header, version 1 the body members. */
  write(offers: readonly QuotedOffer[], terms: ChallengeTerms): Challenge {
    const madeSeconds = Math.floor(terms.nowMs / 1_000 / sharedSeconds) * sharedSeconds;
    const permits = offers.filter(({ transferMethod }) => transferMethod === 'permit2');
    const sponsorsAllowances = permits.length > 0 && permits.every(this.#sponsors);
    const key = keyOf(offers, terms, [madeSeconds, this.#schemaOf(terms), Number(sponsorsAllowances)]);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return withSignIn(kept, terms.signIn);
    const written = writtenOf(this.#signer, offers, terms, {
      validUntil: madeSeconds + maxTimeoutSeconds,
      sponsorsAllowances,
    });
    if (this.#kept.size >= keptMax) this.#kept.clear();
    this.#kept.set(key, written);
    return withSignIn(written, terms.signIn);
  }

  #schemaOf({ operation }: ChallengeTerms): number {
    if (operation === undefined) return 0;
    const known = this.#schemas.get(operation.requestSchema);
    if (known !== undefined) return known;
    this.#schemas.set(operation.requestSchema, ++this.#schemaCount);
    return this.#schemaCount;
  }
}

/** A challenge as all get it who ask for the same, and what its header says. */
type Written = { readonly required: PaymentRequired; readonly challenge: Challenge };

/** Who is asked to sign in is asked to sign what nobody else is. */
function withSignIn({ required, challenge }: Written, signIn: SignInChallenge | undefined): Challenge {
  if (signIn === undefined) return challenge;
  const extensions = { ...required.extensions, [signInKey]: signInExtension(signIn) };
  return { ...challenge, headers: [[x402Headers.required, serializePaymentRequired({ ...required, extensions })]] };
}

function writtenOf(
  signer: StatementSigner | null,
  offers: readonly QuotedOffer[],
  terms: ChallengeTerms,
  extensionTerms: ExtensionTerms,
): Written {
  const { resource, reason } = terms;
  const required: PaymentRequired = {
    extensions: extensionsOf(signer, offers, terms, extensionTerms),
    offers,
    error: reason.slice(0, textCharactersMax),
    resource: { ...resource, description: resource.description.slice(0, textCharactersMax) },
  };
  const headers = [[x402Headers.required, serializePaymentRequired(required)]] as const;
  return { required, challenge: { headers, members: toPaymentRequiredV1(required) ?? {} } };
}

function keyOf(offers: readonly QuotedOffer[], terms: ChallengeTerms, told: readonly number[]): string {
  const { resource, scope, operation, reason } = terms;
  const asked = [resource.url, resource.description, resource.mimeType, scope.method, operation?.pathTemplate, reason];
  const offered = offers.map((offer) => [
    ...[offer.scheme, offer.transferMethod, offer.facilitator, offer.network, offer.asset, offer.payTo],
    ...[offer.tokenName, offer.tokenVersion, `${offer.amountAtomic}`],
  ]);
  return JSON.stringify([told, asked, offered]);
}
