import { z } from 'zod';

const signIn = z.object({ email: z.string(), password: z.string() });

/** `.tollwright/local.json`: where a running local product is and how to use it. */
export const localState = z.object({
  portalUrl: z.url(),
  gatewayUrl: z.url(),
  gatewayUrls: z.tuple([z.url(), z.url()]),
  managementUrl: z.url(),
  managementToken: z.string(),
  provider: signIn,
  owner: signIn,
  api: z.object({ slug: z.string(), baseUrl: z.url() }),
  agentKey: z.string(),
  paidUrl: z.url(),
  chain: z.object({
    rpcUrl: z.url(),
    chainId: z.int(),
    usdc: z.string(),
    payTo: z.string(),
    agentPrivateKey: z.string(),
  }),
  facilitatorUrl: z.url(),
  upstreamUrl: z.url(),
  upstreamStatsUrl: z.url(),
  databaseUrl: z.string(),
  mailDir: z.string(),
  processes: z.array(z.object({ name: z.string(), pid: z.int(), url: z.string().nullable() })),
});
export type LocalState = z.output<typeof localState>;
