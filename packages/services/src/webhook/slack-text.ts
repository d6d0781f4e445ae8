import type { WebhookBody } from '@tollwright/contracts';
import { formatUsd, nanoUsd } from '@tollwright/core';

/** An event as a line for people: its type in words, and what is said of it. */
export function slackText({ type, livemode, data }: WebhookBody): string {
  const said = Object.entries(data).flatMap(([name, value]) => wordsOf(name, value));
  const mode = livemode === false ? ' (test)' : '';
  return escaped(`${type.replaceAll(/[._]/g, ' ')}${mode}${said.length === 0 ? '' : `: ${said.join(', ')}`}`);
}

/** Money in dollars; what has members of its own is left to the other format. */
function wordsOf(name: string, value: unknown): string[] {
  if (value === null || typeof value === 'object') return [];
  const money = /^(.+)NanoUsd$/.exec(name)?.[1];
  return [money === undefined ? `${name} ${value}` : `${money} ${formatUsd(nanoUsd(BigInt(`${value}`)))} USD`];
}

/** The three characters that Slack reads as markup. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
