import { toJson } from '@tollwright/contracts';
import { formatUsd, type Problem, problemDocument } from '@tollwright/core';
import type { EventTail } from '../spool/record.ts';
import type { Cut } from './relay.ts';
import type { Visit } from './visit.ts';

/**
 * The last event of a stream that the gateway cut: a problem document, which says why and what was charged. Its member `error`
 * is where the OpenAI and Anthropic SDKs look, and what they throw.
 */
export function cutEvent(visit: Visit, why: Cut, tail: EventTail): string {
  const { chargedNanoUsd, shortfallNanoUsd } = tail;
  const usd = formatUsd(chargedNanoUsd);
  const members = { chargedNanoUsd };
  if (why === 'ends') {
    const detail = `The stream was cut while its payment can still be settled. ${usd} dollars were charged.`;
    return problemEvent(visit, { slug: 'upstream-timeout', detail, members });
  }
  const slug = shortfallNanoUsd > 0n ? 'budget-exhausted' : 'quota-exhausted';
  const held = slug === 'budget-exhausted' ? 'money' : 'quota';
  const detail = `The stream was cut: it used up the ${held} that was held for this call. ${usd} dollars were charged.`;
  return problemEvent(visit, { slug, detail, members });
}

/** A problem as an event of a stream whose head has left. */
export function problemEvent({ gateway, path, requestId }: Visit, problem: Problem): string {
  const { slug, detail } = problem;
  const error = { type: slug, code: slug, message: detail, param: null };
  const told: Problem = { ...problem, members: { ...problem.members, error } };
  const document = problemDocument(told, { publicUrl: gateway.portalUrl, instance: path, requestId });
  return `event: error\ndata: ${toJson(document)}\n\n`;
}
