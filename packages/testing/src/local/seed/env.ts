/** What the launcher tells the seed. */
export interface SeedEnv {
  portalDatabaseUrl: string;
  /** The superuser's: history enters the inbox as a gateway's would, and no other role of the seed may append. */
  ownerDatabaseUrl: string;
  /** The state store's Redis, where the launcher was given one. */
  redisUrl: string | undefined;
  masterKeyFile: string;
  mailDir: string;
  egressAllow: string[];
  portalUrl: string;
  gatewayUrls: string[];
  payTo: string;
  /** The private key of `payTo`: refunds come from there. */
  refundKey: string;
  /** The same on Tempo, of another account: channels are settled with it, and its fees are not payTo's. */
  operatorKey: string;
  agentPrivateKey: `0x${string}`;
  upstreamUrl: string;
  upstreamToken: string;
  resultFile: string;
}

/** Reads the environment. Throws with the name of what is missing. */
export function seedEnv(env: NodeJS.ProcessEnv = process.env): SeedEnv {
  const text = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} must be set`);
    return value;
  };
  return {
    portalDatabaseUrl: text('PORTAL_DATABASE_URL'),
    ownerDatabaseUrl: text('OWNER_DATABASE_URL'),
    redisUrl: env.REDIS_URL,
    masterKeyFile: text('TOLLWRIGHT_MASTER_KEY_FILE'),
    mailDir: text('TOLLWRIGHT_MAIL_DIR'),
    egressAllow: text('TOLLWRIGHT_EGRESS_ALLOW').split(','),
    portalUrl: text('PORTAL_PUBLIC_URL'),
    gatewayUrls: text('GATEWAY_URLS').split(','),
    payTo: text('PAY_TO'),
    refundKey: text('REFUND_KEY'),
    operatorKey: text('OPERATOR_KEY'),
    agentPrivateKey: text('AGENT_PRIVATE_KEY') as `0x${string}`,
    upstreamUrl: text('UPSTREAM_URL'),
    upstreamToken: text('UPSTREAM_TOKEN'),
    resultFile: text('TOLLWRIGHT_SEED_FILE'),
  };
}
