import { median } from '../report.ts';

const ROUNDS = 5;
const ROUND_MS = 1_500;
const WARM_UP_MS = 1_000;

/** Something that is done again and again, one after the other. */
export interface Subject {
  readonly name: string;
  work(turn: number): unknown;
}

/** How often a subject is done in a second of CPU of this process, on one core: the median of rounds by turns. */
export interface Rate {
  readonly name: string;
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

/** Times subjects by turns, so that a busy machine is unfair to none. */
export async function timeRates(subjects: readonly Subject[]): Promise<readonly Rate[]> {
  const samples = subjects.map((): { perCpuSecond: number; perSecond: number }[] => []);
  for (const subject of subjects) await round(subject, WARM_UP_MS);
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const [index, subject] of subjects.entries()) samples[index]?.push(await round(subject, ROUND_MS));
  }
  return subjects.map(({ name }, index) => ({
    name,
    perCpuSecond: median(samples[index]?.map(({ perCpuSecond }) => perCpuSecond) ?? []),
    perSecond: median(samples[index]?.map(({ perSecond }) => perSecond) ?? []),
  }));
}

async function round({ work }: Subject, forMs: number) {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  let done = 0;
  while (performance.now() - startedAt < forMs) {
    for (let turn = 0; turn < 16; turn++) await work(done + turn);
    done += 16;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { perCpuSecond: done / ((user + system) / 1e6), perSecond: done / ((performance.now() - startedAt) / 1e3) };
}
