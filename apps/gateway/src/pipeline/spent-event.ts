import { toJson } from '@tollwright/contracts';
import { formatUsd, type Problem, problemDocument } from '@tollwright/core';
import type { EventTail } from '../spool/record.ts';
import type { Visit } from './visit.ts';

/**
 * The last event of a stream whose call used up what was held for it: a problem document, which says what was charged. Its
 * member `error` is where the OpenAI and Anthropic SDKs look, and what they throw.
 */
export function spentEvent({ gateway, path, requestId }: Visit, tail: EventTail): string {
  const { chargedNanoUsd, shortfallNanoUsd } = tail;
  const slug = shortfallNanoUsd > 0n ? 'budget-exhausted' : 'quota-exhausted';
  const held = slug === 'budget-exhausted' ? 'money' : 'quota';
  const usd = formatUsd(chargedNanoUsd);
  const detail = `The stream was cut: it used up the ${held} that was held for this call. ${usd} dollars were charged.`;
  const error = { type: slug, code: slug, message: detail, param: null };
  const problem: Problem = { slug, detail, members: { chargedNanoUsd, error } };
  const document = problemDocument(problem, { publicUrl: gateway.portalUrl, instance: path, requestId });
  return `event: error\ndata: ${toJson(document)}\n\n`;
}
