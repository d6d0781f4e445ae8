import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What compiling the token gives. `bytecode` deploys it, `deployedBytecode` is what stands on the chain; 0x-hex. */
export type TokenArtifact = {
  readonly contractName: string;
  readonly compiler: string;
  readonly abi: readonly object[];
  readonly bytecode: `0x${string}`;
  readonly deployedBytecode: `0x${string}`;
};

type Compiler = { version(): string; compile(input: string): string };
type CompilerOutput = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<
    string,
    Record<string, { abi: object[]; evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }>
  >;
};

/** Compiles Token.sol with the pinned solc. Slow (about a second) and heavy: for `write-artifact.ts` and its test. */
export function compileToken(): TokenArtifact {
  const solc = createRequire(import.meta.url)('solc') as Compiler;
  const content = readFileSync(fileURLToPath(new URL('./Token.sol', import.meta.url)), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { 'Token.sol': { content } },
    settings: {
      evmVersion: 'paris',
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { 'Token.sol': { Token: ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as CompilerOutput;
  const failure = output.errors?.find((error) => error.severity === 'error');
  if (failure !== undefined) throw new Error(failure.formattedMessage);
  const contract = output.contracts['Token.sol']?.Token;
  if (contract === undefined) throw new Error('the compiler gave no contract');
  return {
    contractName: 'Token',
    compiler: `solc ${solc.version().split('+')[0]}`,
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
    deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
  };
}
