import { deriveSecret, type MasterKey, openSecret, STATEMENT_PURPOSE } from '@tollwright/contracts/sealed-secret';
import {
  type ClientOfKey,
  createEvmRail,
  createStripeRail,
  createTempoRail,
  createTempoSessionRail,
  createX402Rail,
  type FacilitatorAddress,
  FacilitatorPool,
  type MppIssuer,
  type Rail,
} from '@tollwright/payments';
import { isTempoNetwork, mppKeyRing, type StatementSigner, statementSigner } from '@tollwright/protocols';
import { StripeClients } from '@tollwright/stripe';
import type { Env } from '../env.ts';
import { egressTo } from './egress-to.ts';

/** The ways to pay for which this gateway has what it takes. Accounts of Stripe come with the snapshots. */
export async function railsOf(env: Env, masterKeys: readonly MasterKey[]): Promise<Rail[]> {
  const issuer = issuerOf(env, masterKeys);
  const byTokens = tokenRails(env, masterKeys, issuer);
  return [...byTokens, ...(await tempoRails(env, issuer)), createStripeRail(issuer, clientOfKey(env, masterKeys))];
}

async function tempoRails(env: Env, issuer: MppIssuer): Promise<Rail[]> {
  const { CHAIN_RPC_URLS: rpcUrls } = env;
  if (![...rpcUrls.keys()].some(isTempoNetwork)) return [];
  const nodes = { rpcUrls, fetch: egressTo(env, rpcUrls.values()).fetch };
  return [await createTempoRail(issuer, nodes), await createTempoSessionRail(issuer, nodes)];
}

function tokenRails(env: Env, masterKeys: readonly MasterKey[], issuer: MppIssuer): Rail[] {
  const { FACILITATOR_URL: urls, CHAIN_RPC_URLS: rpcUrls } = env;
  if (urls.length === 0) return [];
  const { fetch } = egressTo(env, [...urls, ...rpcUrls.values()]);
  const pool = new FacilitatorPool({ facilitators: urls.map(facilitatorAt), fetch });
  const x402 = createX402Rail(pool, { nodes: { rpcUrls, fetch }, signer: signerOf(masterKeys) });
  return [x402, createEvmRail(issuer, pool)];
}

/** A password in the address of a facilitator is the bearer token that it wants. */
function facilitatorAt(address: string): FacilitatorAddress {
  const url = new URL(address);
  const token = decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return {
    url: url.href.replace(/\/$/, ''),
    ...(token === '' ? {} : { headers: { authorization: `Bearer ${token}` } }),
  };
}

function clientOfKey({ STRIPE_API_URL: url }: Env, masterKeys: readonly MasterKey[]): ClientOfKey {
  const clients = new StripeClients({ url });
  return (sealedKey, tenant) => clients.of(openSecret(masterKeys, { tenant, target: 'stripe' }, sealedKey));
}

/** Every gateway that has the same master keys reads the challenges of every other; an older key reads until it is removed. */
function issuerOf({ GATEWAY_PUBLIC_URL }: Env, masterKeys: readonly MasterKey[]): MppIssuer {
  const [current, ...previous] = masterKeys.map(challengeSecret);
  if (current === undefined) throw new RangeError('no master key');
  return { realm: new URL(GATEWAY_PUBLIC_URL).hostname, keyRing: mppKeyRing(current, previous) };
}

/** All gateways sign by one key, until the master key is another. */
function signerOf([current]: readonly MasterKey[]): StatementSigner | null {
  return current === undefined ? null : statementSigner(deriveSecret(current, STATEMENT_PURPOSE));
}

function challengeSecret(key: MasterKey): Uint8Array {
  return deriveSecret(key, 'tollwright mpp challenge');
}
