import { addressWord, integerWord, keccakHex, textHash, typedDataDigest } from '../evm/typed-data.ts';

/** What a payer signs for a channel: "of my deposit, so much is yours in all". Replaces every lower one; has no end. */
export type Voucher = {
  /** 32 bytes in hex. */
  readonly channelId: string;
  /** In the token's smallest unit, below 2^96. */
  readonly cumulativeAmount: bigint;
};

/** Who pays whom in what. A channel's id is made of it. */
export type ChannelDescriptor = {
  readonly payer: string;
  readonly payee: string;
  /** May act for the payee; the zero address for nobody. */
  readonly operator: string;
  readonly token: string;
  /** 32 bytes. */
  readonly salt: string;
  /** Signs vouchers; the zero address for the payer. */
  readonly authorizedSigner: string;
  /** 32 bytes, of the transaction that opened the channel. */
  readonly expiringNonceHash: string;
};

/** Tempo's contract for channels, the same on all of its networks. Source: TIP-1034. */
export const tempoChannelReserve = '0x4d50500000000000000000000000000000000000';

const voucherType = textHash('Voucher(bytes32 channelId,uint96 cumulativeAmount)');

/** The 32 bytes that are signed for a voucher; recoverSigner tells by whom. Source: EIP-712, TIP-1034. */
export function voucherDigest(chainId: bigint, voucher: Voucher, verifyingContract = tempoChannelReserve): Uint8Array {
  const domain = { name: 'TIP20 Channel Reserve', version: '1', chainId, verifyingContract };
  return typedDataDigest(domain, voucherType + voucher.channelId.slice(2) + integerWord(voucher.cumulativeAmount));
}

/** The id of a channel, in lower-case hex. */
export function channelIdOf(chainId: bigint, channel: ChannelDescriptor, contract = tempoChannelReserve): string {
  const words = [
    addressWord(channel.payer),
    addressWord(channel.payee),
    addressWord(channel.operator),
    addressWord(channel.token),
    channel.salt.slice(2),
    addressWord(channel.authorizedSigner),
    channel.expiringNonceHash.slice(2),
    addressWord(contract),
    integerWord(chainId),
  ];
  return `0x${keccakHex(words.join(''))}`;
}

/** The word that names the transaction in which a channel was opened: of what was signed, in hex, and by whom. Source: TIP-1034. */
export function openingHash(signedBytes: string, sender: string): string {
  return `0x${keccakHex(signedBytes.slice(2) + sender.slice(2).toLowerCase())}`;
}

/** Whose signature a channel's vouchers need. */
export function voucherSignerOf({ payer, authorizedSigner }: ChannelDescriptor): string {
  return /^0x0{40}$/.test(authorizedSigner) ? payer : authorizedSigner;
}
