import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
type NumberSteps = (
  file: string,
  source: string,
  first: number,
) => { source: string; steps: readonly { place: string; moments: readonly string[] }[] };
// By its path: tools do not depend on e2e, they look after it.
const { numberSteps } = (await import(pathToFileURL(`${root}e2e/faults/steps/number-steps.ts`).href)) as {
  numberSteps: NumberSteps;
};

const SOURCE = `
const late = (value) => new Promise((resolve) => setImmediate(() => resolve(value)));
const failing = async () => { throw new Error('no'); };
class Heard { onEnd(value) { return value + 1; } }
export async function run() {
  const nested = await late(await late(2) + (await late(3)));
  const object = await late({ a: [1].map((one) => one + 1) }).then((value) => ({ ...value, b: 1 }));
  const caught = await failing().catch((error) => error.message);
  const plain = await 7;
  let thrown = null;
  try { await failing(); } catch (error) { thrown = error.message; }
  return [nested, object, caught, plain, thrown, new Heard().onEnd(1)];
}
`;
const RESULT = [5, { a: [2], b: 1 }, 'no', 7, 'no', 2];

interface Steps {
  before(step: number): void;
  awaited(step: number, value: unknown): unknown;
  called(step: number): void;
}
const global = globalThis as { tollwrightSteps?: Steps };
afterEach(() => {
  delete global.tollwrightSteps;
});

/** Runs a module; answers its result, and the steps that it reached in their order. */
async function run(source: string): Promise<{ result: unknown; reached: string[] }> {
  const reached: string[] = [];
  const note = (moment: string, step: number) => void reached.push(`${step} ${moment}`);
  global.tollwrightSteps = {
    before: (step) => note('before', step),
    called: (step) => note('called', step),
    awaited(step, value) {
      note('during', step);
      return Promise.resolve(value).finally(() => note('after', step));
    },
  };
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as { run(): Promise<unknown> };
  return { result: await module.run(), reached };
}

describe('the steps of a module', () => {
  it('are its awaits, what it hands on to be called back, and methods that hear of something', () => {
    const { steps } = numberSteps('a.js', SOURCE, 0);
    const awaits = steps.filter(({ moments }) => moments.length === 3);
    expect(awaits).toHaveLength(SOURCE.split('await ').length - 1);
    expect(awaits.every(({ moments }) => moments.join() === 'before,during,after')).toBe(true);
    const called = steps.filter(({ moments }) => moments.join() === 'called').map(({ place }) => place.split(':')[1]);
    expect(called).toEqual(['2', '4', '7', '8']);
  });

  it('are reached in their order, and change nothing', async () => {
    expect((await run(SOURCE)).result).toEqual(RESULT);
    const { source, steps } = numberSteps('a.js', SOURCE, 100);
    const { result, reached } = await run(source);
    expect(result).toEqual(RESULT);
    for (const [index, { moments }] of steps.entries()) {
      for (const moment of moments) expect(reached).toContain(`${100 + index} ${moment}`);
    }
    const outer = 100 + steps.findIndex(({ place }) => place.startsWith('a.js:6:'));
    const own = reached.filter((one) => ['before', 'during', 'after'].some((moment) => one === `${outer} ${moment}`));
    expect(own).toEqual([`${outer} before`, `${outer} during`, `${outer} after`]);
    // What is inside is over before the outer await begins.
    expect(reached.indexOf(`${outer + 1} after`)).toBeLessThan(reached.indexOf(`${outer} during`));
  });
});
