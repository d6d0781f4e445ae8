import { z } from 'zod';

const signIn = z.object({ email: z.string(), password: z.string() });

/** A local chain with the token that its network's USDC is; the agent's wallet has some, and Permit2 may move it. */
const chain = z.object({
  network: z.string().meta({ description: 'CAIP-2, such as eip155:84532' }),
  chainId: z.int(),
  rpcUrl: z.url(),
  usdc: z.string(),
  payTo: z.string(),
  agentPrivateKey: z.string(),
});

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
  /** A POST route of Anthropic's shape that strangers pay for by use, under a ceiling; `stream: true` is served too. */
  uptoUrl: z.url(),
  /** The first of `chains`. */
  chain,
  chains: z.array(chain).min(1),
  /** `currency` is pathUSD, `escrow` the channel reserve of sessions. */
  tempo: z.object({
    rpcUrl: z.url(),
    chainId: z.int(),
    currency: z.string(),
    escrow: z.string(),
    payTo: z.string(),
    agentPrivateKey: z.string(),
  }),
  facilitatorUrl: z.url(),
  /** The double of Stripe that the demo's account is at. */
  stripeDoubleUrl: z.url(),
  upstreamUrl: z.url(),
  upstreamStatsUrl: z.url(),
  databaseUrl: z.string(),
  mailDir: z.string(),
  processes: z.array(z.object({ name: z.string(), pid: z.int(), url: z.string().nullable() })),
});
export type LocalState = z.output<typeof localState>;
