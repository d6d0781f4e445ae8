import { type Chain as ClientChain, defineChain, maxUint256 } from 'viem';
import { tempoModerato } from 'viem/tempo/chains';

const validForSeconds = 25;
const validAfterSpreadSeconds = 1_000_000_000;

type Prepare = NonNullable<Extract<NonNullable<ClientChain['prepareTransactionRequest']>, readonly unknown[]>[0]>;
type Nonces = { nonceKey?: bigint | number | string; nonce?: number; validBefore?: number; validAfter?: number };

/**
 * Tempo's testnet for viem's clients, at a node of `startTempo`. That runs the hardfork T4, which is older than the one
 * clients sign for: an expiring nonce has to be 0 and end within 30 seconds. So that two transactions that say the same
 * differ all the same, each also gets a beginning of its own in the past.
 */
export function tempoChain(rpcUrl: string): ClientChain {
  const [prepare, options] = tempoModerato.prepareTransactionRequest;
  const ofT4: Prepare = async (request, context) => {
    const prepared = (await (prepare as Prepare)(request, context)) as typeof request & Nonces;
    if (prepared?.nonceKey !== maxUint256) return prepared;
    const nowSeconds = Math.floor(Date.now() / 1000);
    prepared.nonce = 0;
    prepared.validBefore = Math.min(prepared.validBefore ?? Number.POSITIVE_INFINITY, nowSeconds + validForSeconds);
    prepared.validAfter ??= nowSeconds - 60 - Math.floor(Math.random() * validAfterSpreadSeconds);
    return prepared;
  };
  return defineChain({
    ...tempoModerato,
    hardfork: 't3',
    rpcUrls: { default: { http: [rpcUrl] } },
    prepareTransactionRequest: [ofT4, options],
  }) as ClientChain;
}
