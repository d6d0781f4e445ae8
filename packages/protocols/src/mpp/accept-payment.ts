/** What a header prefers is asked of anything that has a method and an intent. */
type Payable = { readonly method: string; readonly intent: string };
type Range = Payable & { readonly thousandths: number };

const headerCharactersMax = 2_048;
const rangeForm = /^(\*|[a-z][a-z0-9:_-]*)\/(\*|[A-Za-z0-9-]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/**
 * The offers that a client takes, in its order of preference and then in ours. All of them in our order without a header,
 * with a malformed one, and where it takes none: a 402 must have a challenge. Source: draft-httpauth-payment,
 * "Client Payment Preferences".
 */
export function rankOffers<T extends Payable>(offers: readonly T[], acceptPayment: string | undefined): readonly T[] {
  const ranges = acceptPayment === undefined ? null : parseRanges(acceptPayment);
  if (ranges === null) return offers;
  const ranked = offers
    .map((offer) => ({ offer, thousandths: preferenceOf(offer, ranges) }))
    .filter(({ thousandths }) => thousandths > 0)
    .sort((a, b) => b.thousandths - a.thousandths)
    .map(({ offer }) => offer);
  return ranked.length === 0 ? offers : ranked;
}

/** Null when malformed or empty. */
function parseRanges(header: string): readonly Range[] | null {
  if (header.length > headerCharactersMax) return null;
  const items = header.split(',').map((item) => item.trim());
  const ranges = items.filter((item) => item !== '').map(parseRange);
  const read = ranges.filter((range) => range !== null);
  return read.length > 0 && read.length === ranges.length ? read : null;
}

function parseRange(item: string): Range | null {
  const [, method, intent, weight = '1'] = rangeForm.exec(item) ?? [];
  if (method === undefined || intent === undefined) return null;
  return { method, intent, thousandths: Math.round(Number(weight) * 1_000) };
}

/** That of the most specific range; of two, the higher. Zero when none fits. */
function preferenceOf(offer: Payable, ranges: readonly Range[]): number {
  const [best] = ranges
    .filter(({ method, intent }) => fits(method, offer.method) && fits(intent, offer.intent))
    .sort((a, b) => specificity(b) - specificity(a) || b.thousandths - a.thousandths);
  return best?.thousandths ?? 0;
}

function fits(wanted: string, given: string): boolean {
  return wanted === '*' || wanted === given;
}

function specificity({ method, intent }: Range): number {
  return Number(method !== '*') + Number(intent !== '*');
}
