import { keccak256 } from 'ox/Hash';
import { concat, fromNumber, type Hex, padLeft, slice } from 'ox/Hex';
import { deserialize, encodeForSigning } from 'ox/tempo/TxEnvelopeTempo';

/** Where Tempo's channel reserve (TIP-1034) stands, and here its stand-in. */
export const CHANNEL_RESERVE_ADDRESS: Hex = '0x4d50500000000000000000000000000000000000';

/** A call of a transaction, signed or not. */
export interface Call {
  readonly to?: string | null | undefined;
  readonly data?: Hex | undefined;
}

/** A call that takes money from the sender into the reserve. `salt` is null for a top-up. */
export interface Deposit {
  readonly token: Hex;
  readonly salt: Hex | null;
}

/** Which of its words, all of fixed size, say what is deposited. */
const deposits: ReadonlyMap<string, { token: number; salt: number | null }> = new Map([
  [selectorOf('open(address,address,address,uint96,bytes32,address)'), { token: 2, salt: 4 }],
  [selectorOf('topUp((address,address,address,address,bytes32,address,bytes32),uint96)'), { token: 3, salt: null }],
]);

/** The deposits among the calls; what is addressed to others, or no deposit, is left out. */
export function depositsOf(calls: readonly Call[]): readonly Deposit[] {
  return calls.flatMap(({ to, data }) => {
    if (to?.toLowerCase() !== CHANNEL_RESERVE_ADDRESS || data === undefined) return [];
    const words = deposits.get(data.slice(0, 10).toLowerCase());
    if (words === undefined) return [];
    const wordAt = (index: number) => slice(data, 4 + 32 * index, 36 + 32 * index);
    return [{ token: slice(wordAt(words.token), 12), salt: words.salt === null ? null : wordAt(words.salt) }];
  });
}

function selectorOf(signature: string): string {
  return slice(keccak256(`0x${Buffer.from(signature).toString('hex')}`), 0, 4);
}

/** A signed transaction of Tempo's own type with its sender; null for another type, which opens no channels here. */
export function readTempoTransaction(raw: Hex): { calls: readonly Call[]; sender: Hex; hash: Hex } | null {
  if (!raw.startsWith('0x76')) return null;
  const envelope = deserialize(raw as `0x76${string}`);
  const sender = envelope.from as Hex | undefined;
  if (sender === undefined) return null;
  return { calls: envelope.calls, sender, hash: keccak256(concat(encodeForSigning(envelope), sender)) };
}

/** Where the stand-in looks up the hash of the transaction in which `payer` opens a channel. */
export function openingSlot(payer: Hex, salt: Hex): Hex {
  return mappedSlot(keccak256(concat(padLeft(payer, 32), salt)), 0);
}

/** The place of the mapping of allowances in the storage of anvil's TIP-20 tokens. */
const allowancesSlot = 10;

/** Where a TIP-20 token keeps what the reserve may take from `owner`. */
export function allowanceSlot(owner: Hex): Hex {
  return keccak256(concat(padLeft(CHANNEL_RESERVE_ADDRESS, 32), mappedSlot(owner, allowancesSlot)));
}

/** Where Solidity keeps the value of `key` in the mapping at `slot`. */
function mappedSlot(key: Hex, slot: number): Hex {
  return keccak256(concat(padLeft(key, 32), padLeft(fromNumber(slot), 32)));
}
