import type { LocalState } from '@tollwright/contracts';
import { BASE, BASE_SEPOLIA, type LocalNetwork } from '../chain/network.ts';
import { CHANNEL_RESERVE_ADDRESS } from '../chain/tempo/channel-reserve.ts';
import { PATH_USD_ADDRESS, TEMPO_CHAIN_ID } from '../chain/tempo/run-tempo.ts';
import { writeJson } from './home.ts';
import type { Plan } from './plan.ts';
import type { SeedResult } from './seed-result.ts';

/** One process of the running product. */
export type LocalProcess = LocalState['processes'][number];

/** Writes local.json and answers what it holds. */
export function writeLocalFile(plan: Plan, made: SeedResult, processes: LocalProcess[]): LocalState {
  const { urls, accounts } = plan;
  const local: LocalState = {
    portalUrl: urls.portal,
    gatewayUrl: urls.gateway,
    gatewayUrls: [urls.gateway, urls.gateway2],
    managementUrl: `${urls.portal}/api/v1`,
    managementToken: made.managementToken,
    provider: made.provider,
    owner: made.owner,
    api: { slug: made.api.slug, baseUrl: `${urls.gateway}${made.api.path}` },
    agentKey: made.agentKey,
    paidUrl: `${urls.gateway}${made.paidPath}`,
    uptoUrl: `${urls.gateway}${made.uptoPath}`,
    chain: chainOf(plan, BASE_SEPOLIA, urls.rpc),
    chains: [chainOf(plan, BASE_SEPOLIA, urls.rpc), chainOf(plan, BASE, urls.rpc2)],
    tempo: {
      ...{ rpcUrl: urls.tempo, chainId: TEMPO_CHAIN_ID },
      ...{ currency: PATH_USD_ADDRESS, escrow: CHANNEL_RESERVE_ADDRESS },
      ...{ payTo: accounts.payToAddress, agentPrivateKey: accounts.agentPrivateKey },
    },
    facilitatorUrl: urls.facilitator,
    stripeDoubleUrl: urls.stripe,
    upstreamUrl: urls.upstream,
    upstreamStatsUrl: `${urls.upstream}/_stats`,
    databaseUrl: plan.databaseUrl,
    mailDir: plan.home.mailDir,
    processes,
  };
  writeJson(plan.home.localFile, local);
  return local;
}

function chainOf({ accounts }: Plan, { network, chainId, usdc }: LocalNetwork, rpcUrl: string): LocalState['chain'] {
  const { payToAddress: payTo, agentPrivateKey } = accounts;
  return { network, chainId, rpcUrl, usdc: usdc.address, payTo, agentPrivateKey };
}
