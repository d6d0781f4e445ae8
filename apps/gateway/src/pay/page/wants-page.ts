const RANGE = /^([\w*.+-]+\/[\w*.+-]+)\s*(?:;(.*))?$/;
const ACCEPT_CHARACTERS_MAX = 2_000;

/**
 * Whether a caller reads pages: it names `text/html`, and no kind of JSON that it likes as much. Agents, whose clients accept
 * everything or JSON, never do.
 */
export function wantsPage(method: string, accept: string | undefined): boolean {
  if (accept === undefined || accept.length > ACCEPT_CHARACTERS_MAX || (method !== 'GET' && method !== 'HEAD'))
    return false;
  const weights = new Map<string, number>();
  for (const item of accept.split(',')) {
    const [, type = '', parameters = ''] = RANGE.exec(item.trim()) ?? [];
    const weight = /(?:^|;)\s*q\s*=\s*([^;\s]*)/i.exec(parameters)?.[1];
    weights.set(type.toLowerCase(), weight === undefined ? 1 : Number(weight));
  }
  const html = weights.get('text/html') ?? 0;
  const json = Math.max(weights.get('application/json') ?? 0, weights.get('application/problem+json') ?? 0);
  return html > 0 && html > json;
}
