import { bytesToHex, type Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

/** A key holder on the local chain. The keys are public knowledge: they come from the usual development phrase. */
export type ChainAccount = { readonly address: Hex; readonly privateKey: Hex };

const phrase = 'test test test test test test test test test test test junk';
let derived: readonly ChainAccount[] | null = null;

/** The first ten accounts of the chain; each has ether for gas and no token. Derived once, for that takes its time. */
export function chainAccounts(): readonly ChainAccount[] {
  derived ??= Array.from({ length: 10 }, (_, addressIndex) => {
    const account = mnemonicToAccount(phrase, { addressIndex });
    const key = account.getHdKey().privateKey;
    if (key === null) throw new Error('the development phrase gave no key');
    return { address: account.address, privateKey: bytesToHex(key) };
  });
  return derived;
}
