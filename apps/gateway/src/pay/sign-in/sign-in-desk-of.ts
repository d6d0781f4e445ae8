import { deriveSecret, type MasterKey } from '@tollwright/contracts/sealed-secret';
import { ContractPayers } from '@tollwright/payments';
import type { Env } from '../../env.ts';
import { egressTo } from '../egress-to.ts';
import { SignInDesk } from './sign-in-desk.ts';

/** The desk of this gateway. All gateways that have the same master keys know each other's nonces, also after a rotation. */
export function signInDeskOf(env: Env, masterKeys: readonly MasterKey[]): SignInDesk | null {
  const { FACILITATOR_URL: urls, CHAIN_RPC_URLS: rpcUrls, GATEWAY_PUBLIC_URL } = env;
  if (urls.length === 0) return null;
  const [current, ...previous] = masterKeys.map((key) => deriveSecret(key, 'tollwright sign-in nonce'));
  if (current === undefined) throw new RangeError('no master key');
  // Its own contracts: whoever signs in must not keep payers waiting.
  const contracts = new ContractPayers({ rpcUrls, fetch: egressTo(env, rpcUrls.values()).fetch });
  return new SignInDesk([current, ...previous], new URL(GATEWAY_PUBLIC_URL).host, contracts);
}
