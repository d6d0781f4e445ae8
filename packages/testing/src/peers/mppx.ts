import { importPeer } from './import-peer.ts';

/** A challenge as mppx holds it. */
export interface MppxChallenge {
  readonly id: string;
  readonly realm: string;
  readonly method: string;
  readonly intent: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly expires?: string;
  readonly digest?: string;
  readonly opaque?: string;
  readonly description?: string;
  readonly header?: string;
}

export interface MppxCredential {
  readonly challenge: MppxChallenge;
  readonly payload: unknown;
  readonly source?: string;
}

/** An account of viem, which only signs here. */
export interface MppxAccount {
  readonly address: string;
}

interface Secret {
  readonly secretKey: string;
}

type ChallengeInput = { readonly [K in keyof Omit<MppxChallenge, 'id'>]: MppxChallenge[K] | undefined } & Secret;

interface Main {
  readonly BodyDigest: { compute(body: string): string };
  readonly Challenge: {
    from(parameters: ChallengeInput): MppxChallenge;
    serialize(challenge: MppxChallenge): string;
    deserializeList(header: string): readonly MppxChallenge[];
    verify(challenge: MppxChallenge, options: Secret): boolean;
  };
  readonly Credential: {
    serialize(credential: MppxCredential): string;
    deserialize(header: string): MppxCredential;
  };
  readonly Errors: Readonly<Record<string, unknown>>;
  readonly PaymentRequest: { serialize(request: unknown): string };
  readonly Receipt: { serialize(receipt: unknown): string; deserialize(header: string): unknown };
}

interface TokenWanted {
  /** In cents. */
  readonly amount: string;
  readonly currency: string;
  readonly networkId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** A client of mppx: pays what a 402 asks, or makes the credential for it. */
export interface MppxClient {
  readonly fetch: typeof fetch;
  createCredential(response: Response): Promise<string>;
}

/** A channel to a seller: every call is paid by a voucher, one after the other. */
export interface MppxSession {
  readonly fetch: typeof fetch;
  /** The messages of a stream of events. */
  sse(
    url: string,
    init?: RequestInit & { readonly onReceipt?: (receipt: MppxSessionReceipt) => void },
  ): Promise<AsyncIterable<string>>;
  /** Adds to the deposit, in dollars. */
  topUp(amount: string): Promise<unknown>;
  /** Answers the last receipt; undefined where nothing was opened. */
  close(): Promise<MppxSessionReceipt | undefined>;
}

export interface MppxSessionReceipt {
  readonly acceptedCumulative: string;
  readonly spent: string;
  readonly channelId: string;
  readonly txHash?: string;
}

interface Client {
  readonly Mppx: {
    create(options: {
      readonly polyfill: false;
      readonly methods: readonly unknown[];
      /** What requests go out by. */
      readonly fetch?: typeof fetch;
    }): MppxClient;
  };
  readonly stripe: {
    charge(options: {
      readonly paymentMethod: string;
      readonly createToken: (wanted: TokenWanted) => Promise<string>;
    }): unknown;
  };
  readonly evm: {
    charge(options: {
      readonly account: MppxAccount;
      readonly authorization?: { readonly name: string; readonly version: string };
      readonly networks?: readonly number[];
      readonly currencies?: readonly unknown[];
    }): unknown;
    /** Tokens that it knows by name. */
    readonly assets: Readonly<Record<'base' | 'baseSepolia', { readonly USDC: unknown }>>;
  };
  /** Pays from viem's `client`, whose chain is that of `tempoChain`. Pulled payments are sent by the seller. */
  readonly tempo: {
    charge(options: {
      readonly account: MppxAccount;
      readonly mode: 'pull' | 'push';
      readonly getClient: () => object;
    }): unknown;
    readonly session: {
      (options: {
        readonly account: MppxAccount;
        readonly getClient: () => object;
        readonly maxDeposit: string;
      }): unknown;
      /** `maxDeposit` is in dollars. */
      manager(options: {
        readonly account: MppxAccount;
        readonly client: object;
        readonly maxDeposit: string;
        readonly fetch?: typeof fetch;
      }): MppxSession;
    };
  };
}

interface Voucher {
  readonly channelId: string;
  readonly cumulativeAmount: bigint;
}

interface Tempo {
  readonly Session: {
    readonly Precompile: {
      readonly Channel: { computeId(channel: Readonly<Record<string, string | number>>): string };
      readonly Protocol: {
        serializeSessionReceipt(receipt: unknown): string;
        deserializeSessionReceipt(header: string): unknown;
      };
      readonly Voucher: {
        signVoucher(
          client: null,
          account: MppxAccount,
          voucher: Voucher,
          contract: string,
          chainId: number,
        ): Promise<string>;
        verifyVoucher(
          contract: string,
          chainId: number,
          voucher: Voucher & { readonly signature: string },
          signer: string,
        ): boolean;
      };
    };
  };
}

interface Accounts {
  privateKeyToAccount(key: string): MppxAccount;
}

/** What is used of mppx, the reference implementation of MPP in TypeScript. */
export type Mppx = Main & Pick<Accounts, 'privateKeyToAccount'> & Tempo & { readonly client: Client };

/** The unmodified `mppx`, with accounts of its own copy of viem. */
export async function loadMppx(): Promise<Mppx> {
  const [main, client, tempo, accounts] = await Promise.all([
    importPeer<Main>('mppx', 'mppx'),
    importPeer<Client>('mppx', 'mppx/client'),
    importPeer<Tempo>('mppx', 'mppx/tempo'),
    importPeer<Accounts>('mppx', 'viem/accounts'),
  ]);
  return { ...main, ...tempo, client, privateKeyToAccount: accounts.privateKeyToAccount };
}
