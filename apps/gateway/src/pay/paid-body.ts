import type { Problem } from '@tollwright/core';
import type { Guard } from '../guard/guard.ts';
import { type Body, readBody } from '../http/read-body.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledRoute } from '../snapshot/compiled-api.ts';
import type { PaidCall } from './paid-call.ts';
import { soldBodyProblem } from './sold-body.ts';

/** The body of a call that nobody had to read yet. */
export const NO_BODY: PaidCall['body'] = { kind: 'none' };

type PaidBody = PaidCall['body'] | { readonly kind: 'refused'; readonly problem: Problem };

/** The whole body: what is paid for is known before the payment is claimed. `taken`: as it was read before; null: it was not. */
export async function paidBody(
  visit: Visit,
  { route, rule }: CompiledRoute,
  guard: Guard | null,
  taken: Body | null,
): Promise<PaidBody> {
  const bytesMax = Math.min(route.bodyBytesMax, guard?.bodyBytesMax ?? route.bodyBytesMax);
  const read: Body | { kind: 'refused'; problem: Problem } = taken ?? (await readBody(visit.request, bytesMax, true));
  if (read.kind === 'refused') return read;
  const body = read.kind === 'stream' ? await whole(read.source) : read;
  const problem = soldBodyProblem(visit.request, rule, body);
  return problem === null ? body : { kind: 'refused', problem };
}

/** Null without a body. */
export function bytesOf(body: PaidCall['body']): Buffer | null {
  return body.kind === 'buffered' ? body.bytes : null;
}

async function whole(source: AsyncIterable<Buffer>): Promise<Extract<Body, { kind: 'buffered' }>> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return { kind: 'buffered', bytes: Buffer.concat(parts) };
}
