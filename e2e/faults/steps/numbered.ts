import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Moment, numberSteps, type Step } from './number-steps.ts';
import { writeOneFile } from './one-file.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The built modules that a call, or the takeover of a dead spool, walks through. */
const BY_CALLS: readonly string[] = [
  ...['pipeline', 'identify', 'guard', 'http', 'idempotency', 'limits', 'meter', 'pay', 'spool', 'upstream'].map(
    (folder) => `apps/gateway/dist/${folder}`,
  ),
  ...['packages/state/dist', 'packages/payments/dist', 'packages/stripe/dist'],
];
/** Those that the worker walks through to end payments. */
const BY_PAYMENTS: readonly string[] = [
  ...['channel', 'payment', 'refund', 'ledger', 'incident'].map((folder) => `packages/services/dist/${folder}`),
  ...['apps/worker/dist/jobs', 'packages/payments/dist', 'packages/stripe/dist'],
];
/** Those that the worker's own facilitator walks through. */
const BY_FACILITATOR: readonly string[] = ['packages/facilitator/dist', 'packages/services/dist/broadcast'];
/** Those that a top-up walks through, from the call that drew too much to the credit that came. */
const BY_TOP_UPS: readonly string[] = [
  ...['top-up', 'credit', 'payment', 'usage', 'ledger'].map((folder) => `packages/services/dist/${folder}`),
  ...['apps/worker/dist/jobs', 'packages/stripe/dist'],
];
/** What of these folders is other programs' or tests'. */
const LEFT_OUT = /harness|\/(?:contract|simulation|postgres|redis|wire)\/|\.test\.js$/;

/** A moment at which a process can be ended, when it is reached for the `times`th time. */
export interface Aim {
  readonly step: number;
  readonly moment: Moment;
  readonly times: number;
}

/** A program's numbered modules. */
export interface Numbered {
  readonly steps: readonly Step[];
  /** The program with its numbered modules, in one file, and what it has to import before. */
  readonly entry: string;
  readonly imports: readonly string[];
  /** `pipeline/serve.js:45:9 before`. */
  say(aim: Aim): string;
}

/** Numbers every step of the gateway that was built, and keeps the result in a folder. */
export function numberGateway(folder: string): Promise<Numbered> {
  return numberModules('apps/gateway/dist/main.js', BY_CALLS, { folder, name: 'numbered-gateway' });
}

/** Numbers every step of the worker that was built at which it is about payments. */
export function numberWorker(folder: string): Promise<Numbered> {
  return numberModules('apps/worker/dist/main.js', BY_PAYMENTS, { folder, name: 'numbered-worker' });
}

/** Numbers every step of the worker that was built at which it is a facilitator. */
export function numberFacilitator(folder: string): Promise<Numbered> {
  return numberModules('apps/worker/dist/main.js', BY_FACILITATOR, { folder, name: 'numbered-facilitator' });
}

/** Numbers every step of the worker that was built at which it tops balances up. */
export function numberTopUps(folder: string): Promise<Numbered> {
  return numberModules('apps/worker/dist/main.js', BY_TOP_UPS, { folder, name: 'numbered-top-ups' });
}

async function numberModules(
  entry: string,
  walked: readonly string[],
  { folder, name }: { readonly folder: string; readonly name: string },
): Promise<Numbered> {
  const sources: Record<string, string> = {};
  const steps: Step[] = [];
  for (const file of walked.flatMap(filesOf)) {
    const numbered = numberSteps(file, readFileSync(join(root, file), 'utf8'), steps.length);
    steps.push(...numbered.steps);
    sources[join(root, file)] = numbered.source;
  }
  const path = join(folder, `${name}.mjs`);
  await writeOneFile(join(root, entry), sources, path);
  // What is native is found from there.
  if (!existsSync(join(folder, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    ...{ steps, entry: path, imports: [new URL('steps.mjs', import.meta.url).href] },
    say: ({ step, moment, times }) => `${steps[step]?.place} ${moment}${times === 1 ? '' : ` (${times})`}`,
  };
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith('.js') && !LEFT_OUT.test(path))
    .sort();
}
