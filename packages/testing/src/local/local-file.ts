import type { LocalState } from '@tollwright/contracts';
import { chainId } from '../chain/anvil.ts';
import { usdcAddress } from '../chain/ledger.ts';
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
    chain: {
      rpcUrl: urls.rpc,
      chainId,
      usdc: usdcAddress,
      payTo: accounts.payToAddress,
      agentPrivateKey: accounts.agentPrivateKey,
    },
    facilitatorUrl: urls.facilitator,
    upstreamUrl: urls.upstream,
    upstreamStatsUrl: `${urls.upstream}/_stats`,
    databaseUrl: plan.databaseUrl,
    mailDir: plan.home.mailDir,
    processes,
  };
  writeJson(plan.home.localFile, local);
  return local;
}
