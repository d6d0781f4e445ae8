import type { Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { createEgress } from '@tollwright/egress';
import { type ChannelDesk, createTempoDesk, type RailDesk } from '@tollwright/payments';
import {
  loadMppx,
  type Mppx,
  type MppxCredential,
  type MppxSession,
  startTempo,
  type Tempo,
  tempoChain,
} from '@tollwright/testing';
import { createClient, type Hex, http, publicActions } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';
import { byCeiling } from './stranger-harness.ts';

/** One cent, and what it is in pathUSD. */
export const CENT = { nanoUsd: 10_000_000n, atomic: 10_000n } as const;

/** A seller of sessions on a real Tempo: the gateway, and in the worker's place what closes channels. */
export interface SessionStage {
  readonly stage: Stage;
  readonly tempo: Tempo;
  readonly mppx: Mppx;
  readonly payTo: Hex;
  /** Publishes the API anew. */
  publish(): Promise<void>;
  /** What the worker would make of a payment that nobody ended. */
  readonly resolve: RailDesk['resolve'];
  start(name: string, settings?: NodeJS.ProcessEnv): Promise<GatewayProcess>;
  /** Somebody with dollars on Tempo. */
  payer(): Promise<Payer>;
  close(): Promise<void>;
}

export interface Payer {
  readonly address: Hex;
  /** A session of its own. `maxDeposit` is in dollars. */
  session(maxDeposit?: string, fetch?: typeof globalThis.fetch): MppxSession;
  /** The credential with a voucher of a channel that was never opened, well signed. */
  signVoucherOfNoChannel(shown: MppxCredential): Promise<string>;
}

/** Opens a stage whose weather costs a cent a call unless told otherwise, and whose models cost what they use, at most a cent. */
export async function openSessionStage(
  options: { readonly redisUrl?: string; readonly weatherNanoUsd?: bigint } = {},
): Promise<SessionStage> {
  const [mppx, tempo, stage] = await Promise.all([loadMppx(), startTempo({ port: 0 }), openStage(options)]);
  const operatorKey = generatePrivateKey();
  const operator = privateKeyToAccount(operatorKey).address;
  const payTo = privateKeyToAccount(generatePrivateKey()).address;
  await tempo.fund(operator, 50_000_000n);
  const network = `eip155:${tempo.chainId}`;
  const wallet: Wallet = { kind: 'tempo', network, asset: tempo.currency, decimals: 6, payTo, operator };
  const publish = async () => {
    const { routes } = stage.sample;
    const priced = routes.map((route) =>
      route.extractorId === 'ext_openai'
        ? { ...route, ...byCeiling(CENT.nanoUsd) }
        : { ...route, strangerPriceNanoUsd: nanoUsd(options.weatherNanoUsd ?? CENT.nanoUsd) },
    );
    await stage.publish({ wallets: [wallet], routes: priced });
  };
  await publish();
  const { host } = new URL(tempo.rpcUrl);
  const nodes = { rpcUrls: new Map([[network, tempo.rpcUrl]]), fetch: createEgress({ allow: [host] }).fetch };
  const { channels: desk, resolve } = createTempoDesk(
    nodes,
    async () => null,
    async () => operatorKey,
  );
  if (desk === undefined) throw new Error('Tempo has no channels');
  const closer = closesChannels(stage, desk);
  return {
    ...{ stage, tempo, mppx, payTo, publish, resolve },
    start: (name, settings = {}) =>
      stage.startGateway(name, undefined, {
        CHAIN_RPC_URLS: `${network}=${tempo.rpcUrl}`,
        TOLLWRIGHT_EGRESS_ALLOW: `${new URL(stage.upstream.url).host},${host}`,
        ...settings,
      }),
    async payer() {
      const key = generatePrivateKey();
      const account = mppx.privateKeyToAccount(key);
      await tempo.fund(account.address as Hex, 50_000_000n);
      const client = createClient({
        ...{ account: privateKeyToAccount(key), chain: tempoChain(tempo.rpcUrl), transport: http(tempo.rpcUrl) },
        pollingInterval: 50,
      }).extend(publicActions);
      return {
        address: account.address as Hex,
        session: (maxDeposit = '1', fetch = globalThis.fetch) =>
          mppx.client.tempo.session.manager({ account, client, maxDeposit, fetch }),
        async signVoucherOfNoChannel(shown) {
          const { descriptor: opened } = shown.payload as { descriptor: Record<string, string> };
          const descriptor = { ...opened, salt: `0x${'5'.repeat(64)}` };
          const { Channel, Voucher } = mppx.Session.Precompile;
          const channelId = Channel.computeId({ ...descriptor, escrow: tempo.escrow, chainId: tempo.chainId });
          const voucher = { channelId, cumulativeAmount: CENT.atomic };
          const signature = await Voucher.signVoucher(null, account, voucher, tempo.escrow, tempo.chainId);
          const payload = { action: 'voucher', channelId, descriptor, cumulativeAmount: `${CENT.atomic}`, signature };
          return mppx.Credential.serialize({ ...shown, payload });
        },
      };
    },
    async close() {
      await closer.stop();
      await stage.close();
      await tempo.close();
    },
  };
}

/** What the worker does with channels that close, without its database. */
function closesChannels({ state }: Stage, desk: ChannelDesk) {
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const closing = await state.channels.closing('', 100).catch(() => []);
      for (const { channelKey, record, voucher, spentAtomic, heldAtomic } of closing) {
        if (record === null || heldAtomic > 0n) continue;
        const act = await desk.close(record, voucher, spentAtomic);
        if (act.kind === 'done') await state.channels.settled(channelKey, act.settledAtomic, act.transaction);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await running;
    },
  };
}
