import { chainId } from '../chain/anvil.ts';
import { usdcAddress } from '../chain/ledger.ts';
import { writeJson } from './home.ts';
import type { Plan } from './plan.ts';
import type { SeedResult } from './seed-result.ts';

/** One process of the running product. */
export interface LocalProcess {
  name: string;
  pid: number;
  url: string | null;
}

/** `.tollwright/local.json`: all that a test or a person needs to talk to the running product. */
export interface LocalFile {
  portalUrl: string;
  gatewayUrl: string;
  gatewayUrls: [string, string];
  managementUrl: string;
  managementToken: string;
  provider: { email: string; password: string };
  owner: { email: string; password: string };
  api: { slug: string; baseUrl: string };
  agentKey: string;
  paidUrl: string;
  chain: { rpcUrl: string; chainId: number; usdc: string; payTo: string; agentPrivateKey: string };
  facilitatorUrl: string;
  upstreamUrl: string;
  upstreamStatsUrl: string;
  databaseUrl: string;
  mailDir: string;
  processes: LocalProcess[];
}

/** Writes local.json and answers what it holds. */
export function writeLocalFile(plan: Plan, made: SeedResult, processes: LocalProcess[]): LocalFile {
  const { urls, accounts } = plan;
  const local: LocalFile = {
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
