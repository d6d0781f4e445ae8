import { encodeAbiParameters, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

/** What x402's and mppx's clients sign with. */
export interface WalletSigner {
  readonly address: Hex;
  signTypedData(message: {
    domain: Record<string, unknown>;
    types: Record<string, unknown>;
    primaryType: string;
    message: Record<string, unknown>;
  }): Promise<Hex>;
  signMessage(message: { message: string }): Promise<Hex>;
}

/** Signs for a wallet that `Ledger.deployWallet` made, with its owner's key. Such signatures are longer than 65 bytes. */
export function walletSigner(address: Hex, ownerPrivateKey: Hex): WalletSigner {
  const owner = privateKeyToAccount(ownerPrivateKey);
  const wrapped = (signature: Hex) => encodeAbiParameters([{ type: 'uint256' }, { type: 'bytes' }], [0n, signature]);
  return {
    address,
    signTypedData: async (message) =>
      wrapped(await owner.signTypedData(message as Parameters<typeof owner.signTypedData>[0])),
    signMessage: async ({ message }) => wrapped(await owner.signMessage({ message })),
  };
}
