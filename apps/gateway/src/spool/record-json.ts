import {
  type ApprovalAsk,
  type PaymentRecord,
  type PaymentTally,
  toJson,
  type UsageEvent,
} from '@tollwright/contracts';
import type { EventBase, EventTail } from './record.ts';

/**
 * Half of an event as JSON members without braces. The same text goes into the intent and into the outcome, so that a
 * call's event is written once, and as text.
 */
export type Members = string & { readonly of: 'event' };

/** The members of an object, for halves that are not worth a hand-written form. */
export function membersOf(value: Partial<EventBase>): Members {
  return toJson(value).slice(1, -1) as Members;
}

/** Joins members that together make the first half of an event. */
export function joinMembers(a: Members, b: Members): Members {
  return `${a},${b}` as Members;
}

/** JSON of an intent. */
export function intentJson(
  tag: string | null,
  claimKey: string | null,
  data: UsageEvent['data'],
  base: Members,
  answerKey?: string,
): string {
  const answer = answerKey === undefined ? '' : `,"answerKey":${JSON.stringify(answerKey)}`;
  const where = `"tag":${JSON.stringify(tag)},"claimKey":${JSON.stringify(claimKey)}${answer}`;
  return `{"kind":"intent",${where},"data":${JSON.stringify(data)},"base":{${base}}}`;
}

/** JSON of a stream's progress. */
export function progressJson(eventId: string, tail: EventTail): string {
  return `{"kind":"progress","eventId":${JSON.stringify(eventId)},"tail":{${tailMembers(tail)}}}`;
}

/** JSON of the inbox item of a finished call. */
export function usageItemJson(base: Members, tail: EventTail): string {
  return `{"kind":"usage","event":{${base},${tailMembers(tail)}}}`;
}

/** JSON of the inbox item of a payment that moved on. */
export function paymentItemJson(payment: PaymentRecord): string {
  return toJson({ kind: 'payment', payment });
}

/** JSON of the inbox item of what was counted on the way to payments. */
export function tallyItemJson(tally: PaymentTally): string {
  return toJson({ kind: 'tally', tally });
}

/** JSON of the inbox item of an agent that wants an owner's approval. */
export function approvalAskItemJson(ask: ApprovalAsk): string {
  return toJson({ kind: 'approval-ask', ask });
}

/** What stands before the item's own JSON in a numbered record; a closing brace stands after it. ASCII. */
export function itemRecordHead(sequence: number): string {
  return `{"kind":"item","sequence":${sequence},"item":`;
}

/** JSON of a numbered item as the spool keeps it. */
export function itemRecordJson(sequence: number, itemJson: string): string {
  return `${itemRecordHead(sequence)}${itemJson}}`;
}

function tailMembers(tail: EventTail): string {
  const charged = `"${tail.chargedNanoUsd}"`;
  // A bigint is dear to write, and these are equal in nearly every call.
  const amountOf = (amount: bigint) => (amount === tail.chargedNanoUsd ? charged : `"${amount}"`);
  let charges = '';
  for (const { node, periodId, amount } of tail.charges) {
    const charge = `{"node":${quoted(node)},"periodId":${quoted(periodId)},"amount":${amountOf(amount)}}`;
    charges = charges === '' ? charge : `${charges},${charge}`;
  }
  const notices = tail.notices === undefined ? '' : `,"notices":${JSON.stringify(tail.notices)}`;
  let lines = '';
  for (const { rateCardKey, meter, model, quantity, amountNanoUsd } of tail.lines ?? []) {
    const ofModel = model === undefined ? '' : `,"model":${JSON.stringify(model)}`;
    const line =
      `{"rateCardKey":${quoted(rateCardKey)},"meter":${quoted(meter)}${ofModel},` +
      `"quantity":"${quantity}","amountNanoUsd":${amountOf(amountNanoUsd)}}`;
    lines = lines === '' ? `,"lines":[${line}` : `${lines},${line}`;
  }
  if (lines !== '') lines += ']';
  return (
    `"data":${JSON.stringify(tail.data)},"bytesOut":${tail.bytesOut},"durationMs":${tail.durationMs},` +
    `"firstByteMs":${tail.firstByteMs},"estimated":${tail.estimated},"ratedNanoUsd":${amountOf(tail.ratedNanoUsd)},` +
    `"chargedNanoUsd":${charged},"shortfallNanoUsd":"${tail.shortfallNanoUsd}","charges":[${charges}],` +
    `"decision":"${tail.decision}","status":${tail.status},"upstreamStatus":${tail.upstreamStatus}${notices}${lines}`
  );
}

const PLAIN = /^[\w:.-]*$/;

/** A JSON string; names of nodes and periods need no escapes. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
