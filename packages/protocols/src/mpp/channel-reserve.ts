import { addressWord, integerWord, textHash } from '../evm/typed-data.ts';
import type { ChannelDescriptor } from './voucher.ts';

const descriptorType = '(address,address,address,address,bytes32,address,bytes32)';
const selectors = {
  open: selectorOf('open(address,address,address,uint96,bytes32,address)'),
  topUp: selectorOf(`topUp(${descriptorType},uint96)`),
  settle: selectorOf(`settle(${descriptorType},uint96,bytes)`),
  close: selectorOf(`close(${descriptorType},uint96,uint96,bytes)`),
  state: selectorOf('getChannelState(bytes32)'),
};

/** The data of a call that opens a channel, in hex. Source: TIP-1034. */
export function openData(channel: ChannelDescriptor, depositAtomic: bigint): string {
  const { payee, operator, token, salt, authorizedSigner } = channel;
  const who = [payee, operator, token].map(addressWord);
  return hex(selectors.open, ...who, integerWord(depositAtomic), salt.slice(2), addressWord(authorizedSigner));
}

/** The deposit that an opening makes; null for a call that is none of this channel. */
export function depositOf(data: string, channel: ChannelDescriptor): bigint | null {
  const word = /^0x[0-9a-f]{8}(?:[0-9a-f]{64}){3}([0-9a-f]{64})/.exec(data.toLowerCase())?.[1];
  if (word === undefined) return null;
  const deposit = BigInt(`0x${word}`);
  return data.toLowerCase() === openData(channel, deposit) ? deposit : null;
}

/** The data of a call that adds to a channel's deposit. */
export function topUpData(channel: ChannelDescriptor, additionalAtomic: bigint): string {
  return hex(selectors.topUp, ...wordsOf(channel), integerWord(additionalAtomic));
}

/** The data of a call that pays out all that was signed. */
export function settleData(channel: ChannelDescriptor, cumulativeAtomic: bigint, signature: string): string {
  const head = [...wordsOf(channel), integerWord(cumulativeAtomic), integerWord(9n * 32n)];
  return hex(selectors.settle, ...head, ...bytesOf(signature));
}

/** The data of a call that ends a channel: takes `captureAtomic` of what was signed, and gives the payer the rest of the deposit. */
export function closeData(
  channel: ChannelDescriptor,
  cumulativeAtomic: bigint,
  captureAtomic: bigint,
  signature: string,
): string {
  const head = [...wordsOf(channel), integerWord(cumulativeAtomic), integerWord(captureAtomic), integerWord(10n * 32n)];
  return hex(selectors.close, ...head, ...bytesOf(signature));
}

/** The data of a call that reads a channel; see readChannelState. */
export function stateData(channelId: string): string {
  return hex(selectors.state, channelId.slice(2));
}

/** A channel as the reserve has it. All zero: it never was, or it was closed. `closeRequestedAt`: Unix seconds, 0 while nobody asked. */
export type ChannelState = {
  readonly depositAtomic: bigint;
  readonly settledAtomic: bigint;
  readonly closeRequestedAt: number;
};

/** Reads the answer to stateData. Throws SyntaxError when it is none. */
export function readChannelState(answer: string): ChannelState {
  const word = (index: number) => BigInt(`0x${answer.slice(2).slice(index * 64, (index + 1) * 64)}`);
  return { settledAtomic: word(0), depositAtomic: word(1), closeRequestedAt: Number(word(2)) };
}

function wordsOf({ payer, payee, operator, token, salt, authorizedSigner, expiringNonceHash }: ChannelDescriptor) {
  const who = [payer, payee, operator, token].map(addressWord);
  return [...who, salt.slice(2), addressWord(authorizedSigner), expiringNonceHash.slice(2)];
}

function bytesOf(bytes: string): string[] {
  const digits = bytes.slice(2);
  return [integerWord(BigInt(digits.length / 2)), digits.padEnd(Math.ceil(digits.length / 64) * 64, '0')];
}

function hex(...words: readonly string[]): string {
  return `0x${words.join('')}`.toLowerCase();
}

function selectorOf(declaration: string): string {
  return textHash(declaration).slice(0, 8);
}
