import { spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { type MppxPayers, withPayers } from './env.ts';
import { peerPath } from './import-peer.ts';

/** One check of `mppx validate`. `suggested` and `warn` are advice; `skip` was not tried. */
export interface MppxCheck {
  readonly label: string;
  readonly detail?: string;
  readonly severity: 'pass' | 'fail' | 'warn' | 'suggested' | 'skip';
}

/** What `mppx validate --output-json` prints. */
export interface MppxVerdict {
  readonly discovery: { readonly found: boolean; readonly valid: boolean; readonly checks: readonly MppxCheck[] };
  readonly endpoints: readonly {
    readonly method: string;
    readonly path: string;
    readonly challenge: readonly MppxCheck[];
    readonly errorHandling: readonly MppxCheck[];
    readonly payment: readonly MppxCheck[];
  }[];
  readonly summary: Readonly<Record<'passed' | 'failed' | 'warnings' | 'suggested' | 'skipped', number>>;
}

/** Runs the unmodified command `mppx validate`, which looks for prices at an address, asks for each and pays it. */
export async function validateByMppx(
  url: string,
  payers: MppxPayers,
): Promise<{ readonly code: number | null; readonly verdict: MppxVerdict }> {
  const program = join(peerPath('mppx', 'mppx'), '../bin.js');
  // Beside this file, which may be the compiled one.
  const config = join(import.meta.dirname, `mppx-config${extname(import.meta.filename)}`);
  const args = [
    '--import',
    'tsx',
    '--conditions=@tollwright/source',
    program,
    'validate',
    url,
    '--yes',
    '--output-json',
  ];
  const child = spawn(process.execPath, args, { env: withPayers(payers, config), stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const start = out.indexOf('{');
  if (start === -1) throw new Error(`mppx validate printed no verdict: ${out}${errors}`);
  return { code, verdict: JSON.parse(out.slice(start)) as MppxVerdict };
}
