import assert from 'node:assert/strict';
import { problemOf } from '../agent-calls.ts';

/** Asserts that an answer has a status. */
export function expectStatus(answer: Response, status: number): Response {
  assert.equal(answer.status, status);
  return answer;
}

/** Asserts that an answer is a problem with at least these members. */
export async function expectProblem(answer: Response, members: Readonly<Record<string, unknown>>): Promise<void> {
  const problem = await problemOf(answer);
  const seen = Object.fromEntries(Object.keys(members).map((name) => [name, problem[name]]));
  assert.deepEqual(seen, members);
}

/** Makes so many calls one after the other. */
export async function times<Value>(count: number, call: (index: number) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let index = 0; index < count; index++) values.push(await call(index));
  return values;
}

/** The gateway whose turn it is: calls take turns, so that limits are felt over both. */
export function turn(index: number): { readonly gateway: 0 | 1 } {
  return { gateway: index % 2 === 0 ? 0 : 1 };
}
