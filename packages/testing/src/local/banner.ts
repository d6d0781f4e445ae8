import type { LocalState } from '@tollwright/contracts';

/** What a person sees once everything runs; the last line is the one that scripts wait for. */
export function banner(local: LocalState, homeDir: string, seconds: number): string {
  const chat = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 32 });
  return [
    '',
    `  Provider console   ${local.portalUrl}   ${local.provider.email} / ${local.provider.password}`,
    `  Agent owner        ${local.portalUrl}   ${local.owner.email} / ${local.owner.password}`,
    `  API                ${local.api.baseUrl}`,
    `  Management API     ${local.managementUrl}/openapi.json`,
    `  Pay per call       ${local.paidUrl}   (0.50 USD by x402 or MPP: stablecoins, or a card)`,
    `  State and logs     ${homeDir}`,
    '',
    '  An agent calls with its key:',
    `  curl ${local.api.baseUrl}/v1/chat/completions -H 'Authorization: Bearer ${local.agentKey}' \\`,
    `    -H 'Content-Type: application/json' -d '${chat}'`,
    '',
    `Tollwright is ready after ${seconds.toFixed(1)} s: ${local.portalUrl} (Ctrl-C stops it)`,
  ].join('\n');
}
