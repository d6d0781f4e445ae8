import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const OWN_MODULES = /\/(?:apps|packages)\/[^/]+\/dist\/.*\.js$/;
/** They load what was compiled for this machine from beside themselves. */
const NATIVE: readonly string[] = ['secp256k1', 'msgpackr-extract', 'pg-native'];

/**
 * Writes a built program with all that it imports into one module, some of it from other sources (by path): hundreds of processes
 * start from it and are killed, each in a third of the time that a thousand files take.
 */
export async function writeOneFile(
  entry: string,
  sources: Readonly<Record<string, string>>,
  outfile: string,
): Promise<void> {
  const here = [`import { createRequire } from 'node:module';`, `const require = createRequire(${text(entry)});`];
  const banner = [...here, `const __dirname = ${text(dirname(entry))}, __filename = ${text(entry)};`].join('\n');
  await build({
    ...{ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20' },
    ...{ keepNames: true, legalComments: 'none', logLevel: 'warning', external: [...NATIVE], banner: { js: banner } },
    plugins: [
      {
        name: 'own modules',
        setup: ({ onLoad }) =>
          onLoad({ filter: OWN_MODULES }, ({ path }) => {
            const contents = sources[path] ?? readFileSync(path, 'utf8');
            return { contents: contents.replaceAll('import.meta.url', text(pathToFileURL(path).href)), loader: 'js' };
          }),
      },
    ],
  });
}

function text(value: string): string {
  return JSON.stringify(value);
}
