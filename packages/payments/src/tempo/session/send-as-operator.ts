import { chainIdOf, tempoChannelReserve, transactionHash } from '@tollwright/protocols';
import type { Hex } from 'viem';
import { type ChainNode, callNode } from '../../x402/json-rpc.ts';

/** What is sent to the reserve in a provider's name. */
export type ReserveCall = { readonly network: string; readonly asset: string; readonly data: string };

/** A transaction ends by itself after this long: nothing of it happens later. */
const validSeconds = 25;
/** The nonce key of transactions that are told apart by their hash and not counted. Source: TIP-1009. */
const expiringNonceKey = (1n << 256n) - 1n;

/**
 * Signs a call of the channel reserve by a key, which pays the fee in the channel's token. It takes no nonce of the key's, so
 * that refunds by the same key go on beside it. ox is loaded where something is signed, and nowhere else.
 */
export async function signReserveCall(
  node: ChainNode,
  key: string,
  { network, asset, data }: ReserveCall,
): Promise<{ readonly raw: string; readonly transaction: string; readonly validBeforeMs: number }> {
  const [envelopes, { sign }, { privateKeyToAccount }] = await Promise.all([
    import('ox/tempo/TxEnvelopeTempo'),
    import('ox/Secp256k1'),
    import('viem/accounts'),
  ]);
  const from = privateKeyToAccount(key as Hex).address;
  const [gas, price] = await Promise.all([
    callNode(node, 'eth_estimateGas', [{ from, to: tempoChannelReserve, data }]),
    callNode(node, 'eth_gasPrice', []),
  ]);
  const validBefore = Math.floor(Date.now() / 1_000) + validSeconds;
  const fee = BigInt(String(price));
  const envelope = envelopes.from({
    ...{ type: 'tempo', chainId: Number(chainIdOf(network)), nonceKey: expiringNonceKey, nonce: 0n, validBefore },
    calls: [{ to: tempoChannelReserve, data: data as Hex }],
    feeToken: asset as Hex,
    // Room for a price that rises before the next block, and for what an estimate without the transaction's own form lacks.
    gas: (BigInt(String(gas)) * 3n) / 2n + 300_000n,
    maxFeePerGas: fee * 3n,
    maxPriorityFeePerGas: fee > 1n ? fee / 10n : 1n,
  });
  const signature = sign({ payload: envelopes.getSignPayload(envelope), privateKey: key as Hex });
  const raw = envelopes.serialize(envelope, { signature });
  return { raw, transaction: transactionHash(raw), validBeforeMs: validBefore * 1_000 };
}
