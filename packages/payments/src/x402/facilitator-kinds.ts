import { type SupportedKind, type SupportedKinds, toNetworkName, type X402Scheme } from '@tollwright/protocols';

/** A way to pay on a network, by its CAIP-2 name, whichever version of the protocol. */
export type Kind = { readonly scheme: X402Scheme; readonly network: string };

/** An address that settled once is believed for so long after it was last named: permits for it are still on their way. */
const addressKeptMs = 15 * 60 * 1_000;

/**
 * What a facilitator said that it settles. One that was never heard is taken to settle scheme `exact` everywhere; what was heard
 * last stands while it is silent.
 */
export class FacilitatorKinds {
  #kinds: readonly SupportedKind[] | null = null;
  #extensions: readonly string[] = [];
  readonly #namedMs = new Map<string, number>();

  heard({ kinds, signers, extensions }: SupportedKinds, nowMs: number): void {
    this.#kinds = kinds;
    this.#extensions = extensions;
    const named = kinds.flatMap(({ facilitatorAddress }) => facilitatorAddress ?? []);
    for (const address of [...named, ...signers]) this.#namedMs.set(address.toLowerCase(), nowMs);
    for (const [address, atMs] of this.#namedMs) {
      if (nowMs - atMs > addressKeptMs) this.#namedMs.delete(address);
    }
  }

  /** In which version of the protocol it takes such a payment, the wanted one where it has the choice; null: in none. */
  versionFor(kind: Kind, wanted: 1 | 2): 1 | 2 | null {
    if (this.#kinds === null) return kind.scheme === 'exact' ? wanted : null;
    const versions = this.#kinds.filter((each) => isOf(each, kind)).map(({ x402Version }) => x402Version);
    if (versions.includes(wanted)) return wanted;
    return wanted === 1 && versions.includes(2) ? 2 : null;
  }

  /** The address that payers of scheme `upto` are to name; null: it settles none on this network. */
  addressFor(network: string): string | null {
    const found = this.#kinds?.find(
      (each) => isOf(each, { scheme: 'upto', network }) && each.facilitatorAddress !== null,
    );
    return found?.facilitatorAddress ?? null;
  }

  /** Whether it knows an extension. */
  knows(extension: string): boolean {
    return this.#extensions.includes(extension);
  }

  /** Whether an address is one that it settles with. */
  owns(address: string): boolean {
    return this.#namedMs.has(address.toLowerCase());
  }
}

function isOf(each: SupportedKind, { scheme, network }: Kind): boolean {
  if (each.scheme !== scheme) return false;
  if (each.x402Version === 1) return each.network === toNetworkName(network);
  return each.network === network || each.network === `${network.split(':')[0]}:*`;
}
