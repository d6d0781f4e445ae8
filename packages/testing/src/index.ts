export { type ChainAccount, chainAccounts } from './chain/accounts.ts';
export { type Chain, startChain } from './chain/chain.ts';
export { EXACT_PROXY_ADDRESS, PERMIT2_ADDRESS, UPTO_PROXY_ADDRESS } from './chain/contracts/place.ts';
export { type Facilitator, startFacilitator } from './chain/facilitator.ts';
export { type FacilitatorFaults, noFaults } from './chain/faults.ts';
export { type Ledger, openLedger, type Transfer, usdcAddress } from './chain/ledger.ts';
export { BASE, BASE_SEPOLIA, type LocalNetwork, localNetwork } from './chain/network.ts';
export { chainIdAt } from './chain/rpc.ts';
export { CHANNEL_RESERVE_ADDRESS } from './chain/tempo/channel-reserve.ts';
export { PATH_USD_ADDRESS, TEMPO_CHAIN_ID } from './chain/tempo/run-tempo.ts';
export { openTempoLedger, startTempo, type Tempo, type TempoLedger } from './chain/tempo/tempo.ts';
export { tempoChain } from './chain/tempo/tempo-chain.ts';
export { type WalletSigner, walletSigner } from './chain/wallet-signer.ts';
export { type EdgeCall, type EdgeFile, edgeBytes, edgeFiles } from './edge/edge-file.ts';
export { fuzzEnv } from './edge/env.ts';
export type { RawAnswer } from './edge/raw-answers.ts';
export { openRaw, type RawConnection } from './edge/raw-connection.ts';
export { isModelPath, type ModelReading, readingsOf } from './edge/readings.ts';
export { type RecordedCall, type RecordingUpstream, startRecordingUpstream } from './edge/recording-upstream.ts';
export { insertTenant, type TenantIds } from './factories/tenant.ts';
export { callTraceOf, policyTraceOf } from './factories/trace.ts';
export { paymentOf, usageEventOf } from './factories/usage.ts';
export { freePort } from './local/ports.ts';
export { openProxy, type Proxy } from './network/proxy.ts';
export { loadMppx, type Mppx, type MppxClient, type MppxCredential, type MppxSession } from './peers/mppx.ts';
export { askStripe, mppxEvm, mppxStripe, mppxTempo } from './peers/mppx-methods.ts';
export { type MppxPayers, mppxPayers } from './peers/mppx-payers.ts';
export { startMppxProxy } from './peers/mppx-proxy.ts';
export { type MppxSellerTerms, startMppxSeller } from './peers/mppx-seller.ts';
export type { PeerSeller, Work } from './peers/seller.ts';
export { type MppxCheck, type MppxVerdict, validateByMppx } from './peers/validate-by-mppx.ts';
export { startX402Seller, type X402SellerTerms } from './peers/x402-seller.ts';
export { loadX402V1, type X402V1 } from './peers/x402-v1.ts';
export { ensureDatabase, urlAs, urlOf } from './postgres/database-url.ts';
export { type FreshDatabase, freshDatabase } from './postgres/fresh-database.ts';
export { migrateSchema, repositoryRoot } from './postgres/migrate.ts';
export { queryOnce } from './postgres/query-once.ts';
export { type Postgres, type PostgresOptions, startPostgres, stopPostgres } from './postgres/start-postgres.ts';
export { copyTemplate, type DatabaseCopy, type DatabaseTemplate, migrateTemplate } from './postgres/template.ts';
export { type RedisCluster, startRedisCluster } from './redis/start-cluster.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis/start-redis.ts';
export { createPrepaidWorld, type PrepaidWorld } from './services/prepaid-world.ts';
export { openServicesHarness, PASSWORD, type ServicesHarness } from './services/services-harness.ts';
export { startUsageWorker, type UsageWorker } from './services/usage-worker.ts';
export { createWorld, DOCUMENT, termsOf, UPSTREAM_SECRET, type World } from './services/world.ts';
export { worldEventOf } from './services/world-event.ts';
export type { Fault, FaultRule } from './stripe/control/faults.ts';
export { stripeDoubleEnv } from './stripe/env.ts';
export type { LoggedRequest } from './stripe/http/request-log.ts';
export { type StripeDouble, type StripeDoubleOptions, startStripeDouble } from './stripe/stripe-double.ts';
export type { UpstreamCall } from './upstream/call-log.ts';
export { startUpstream, type Upstream } from './upstream/upstream.ts';
export {
  type ReceivedWebhook,
  type ReceiverAnswer,
  startWebhookReceiver,
  type WebhookReceiver,
} from './webhook/receiver.ts';
