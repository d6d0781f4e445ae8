import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What compiling a contract gives. `bytecode` deploys it, `deployedBytecode` is what stands on the chain; 0x-hex. */
export type Artifact = { readonly bytecode: `0x${string}`; readonly deployedBytecode: `0x${string}` };

/** The contracts of this folder that stand on a local chain, by name, and who compiled them. */
export type Artifacts = { readonly compiler: string; readonly contracts: Readonly<Record<string, Artifact>> };

type Compiler = { version(): string; compile(input: string): string };
type CompilerOutput = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<
    string,
    Record<string, { evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }>
  >;
};

/** Compiles every source with the pinned solc, for `write-artifacts.ts` and its test. Unoptimized: it takes a fifth of the time. */
export function compileContracts(): Artifacts {
  const solc = createRequire(import.meta.url)('solc') as Compiler;
  const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.sol'));
  const sources = names.map((name) => [name, { content: readFileSync(join(import.meta.dirname, name), 'utf8') }]);
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(sources),
    settings: {
      evmVersion: 'paris',
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as CompilerOutput;
  const failure = output.errors?.find((error) => error.severity === 'error');
  if (failure !== undefined) throw new Error(failure.formattedMessage);
  // Interfaces and abstract contracts have no code; a library whose functions are all internal is no place of its own.
  const compiled = Object.values(output.contracts).flatMap((file) => Object.entries(file));
  const placed = compiled.filter(([name, { evm }]) => evm.bytecode.object !== '' && name !== 'Signatures');
  return {
    compiler: `solc ${solc.version().split('+')[0]}`,
    contracts: Object.fromEntries(
      placed.map(([name, { evm }]) => [
        name,
        { bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` } as const,
      ]),
    ),
  };
}
