import { randomBytes } from 'node:crypto';
import type { ContractPayers, Offer } from '@tollwright/payments';
import {
  isSignInNonce,
  parseSignIn,
  type SignInChallenge,
  type SignInPlace,
  type SignInRefusal,
  signInNonce,
  verifySignIn,
} from '@tollwright/protocols';

/** A wallet that is there by its signature. `network`: where a contract said so; null of a key, which is the same everywhere. */
export interface Visitor {
  readonly address: string;
  readonly network: string | null;
  readonly nonce: string;
}

/** `unavailable`: nobody could say whether a contract signed. */
export type SignInReply =
  | { readonly kind: 'signed-in'; readonly visitor: Visitor }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'refused'; readonly reason: SignInRefusal }
  | { readonly kind: 'unavailable' };

/** Where somebody signs in: a resource of this gateway, its route, and what is offered there. */
export interface SignInSpot {
  readonly url: string;
  readonly routeId: string;
  readonly offers: readonly Offer[];
  readonly nowMs: number;
}

/** Makes challenges to sign in, and judges what comes back. Keeps nothing: that a nonce is used once is for the state store. */
export class SignInDesk {
  readonly #keys: readonly [current: Uint8Array, ...previous: Uint8Array[]];
  readonly #domain: string;
  readonly #contracts: ContractPayers;

  /** The first key makes nonces, all are known. `domain` is the public host, with its port if it has one. */
  constructor(
    keys: readonly [current: Uint8Array, ...previous: Uint8Array[]],
    domain: string,
    contracts: ContractPayers,
  ) {
    this.#keys = keys;
    this.#domain = domain;
    this.#contracts = contracts;
  }

  challenge(spot: SignInSpot): SignInChallenge {
    const place = this.#placeOf(spot);
    const terms = this.#nonceTerms(spot, place, new Date(spot.nowMs).toISOString());
    return { place, nonce: signInNonce(this.#keys[0], randomBytes(8), terms), nowMs: spot.nowMs };
  }

  async judge(header: string, spot: SignInSpot): Promise<SignInReply> {
    const read = parseSignIn(header);
    if (read.kind === 'malformed') return { kind: 'malformed', detail: read.reason };
    const place = this.#placeOf(spot);
    const signed = verifySignIn(read.value, place, spot.nowMs);
    if (signed.kind === 'refused') return signed;
    const { address, network, nonce } = signed;
    if (!isSignInNonce(this.#keys, nonce, this.#nonceTerms(spot, place, read.value.issuedAt))) {
      return { kind: 'refused', reason: 'invalid_siwx_nonce' };
    }
    if (signed.kind === 'signed-in') return { kind: 'signed-in', visitor: { address, network: null, nonce } };
    const verdict = await this.#contracts.verifySaid({ ...signed, refusal: 'invalid_siwx_signature' });
    if (verdict.kind === 'valid') return { kind: 'signed-in', visitor: { address, network, nonce } };
    return verdict.kind === 'unavailable' ? verdict : { kind: 'refused', reason: 'invalid_siwx_signature' };
  }

  /** Chains of Ethereum's kind that something is offered on, in the order of the offers: clients take the first. */
  #placeOf({ url, offers }: SignInSpot): SignInPlace {
    const networks = new Set(offers.map(({ network }) => network).filter((network) => network.startsWith('eip155:')));
    return { domain: this.#domain, uri: url, networks: [...networks] };
  }

  #nonceTerms({ routeId }: SignInSpot, { domain, uri }: SignInPlace, issuedAt: string) {
    return { domain, uri, issuedAt, scope: routeId };
  }
}
