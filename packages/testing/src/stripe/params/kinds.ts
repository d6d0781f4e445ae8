import { invalidParameter, invalidRequest } from '../errors.ts';
import type { FormValue } from './form.ts';
import { boolean, clearable, fields, integer, oneOf, type Param, text } from './param.ts';

/** Smallest amounts that a card is charged, in the currency's smallest unit. */
const leastByCurrency: Readonly<Record<string, number>> = {
  usd: 50,
  eur: 50,
  gbp: 30,
  chf: 50,
  cad: 50,
  aud: 50,
  nzd: 50,
  sgd: 50,
  sek: 300,
  nok: 300,
  dkk: 250,
  jpy: 50,
  brl: 50,
  mxn: 1000,
  pln: 200,
};
const amountMax = 99_999_999;

/** An amount in the currency's smallest unit, above zero. */
export const amount = integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

/** A currency that the double knows, in lower case. */
export const currency: Param<string> = (value, name) => {
  const code = text(3)(value, name).toLowerCase();
  if (!Object.hasOwn(leastByCurrency, code)) {
    const known = Object.keys(leastByCurrency).join(', ');
    throw invalidParameter(`Invalid currency: ${code}. The supported ones are: ${known}`, name);
  }
  return code;
};

/** Refuses amounts that cannot be charged: `amount_too_small`, `amount_too_large`. */
export function requireChargeable(cents: number, code: string): void {
  const least = leastByCurrency[code] ?? 1;
  if (cents < least) {
    throw invalidRequest(`Amount must be at least ${readable(least, code)}`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
  if (cents > amountMax) {
    throw invalidRequest(`Amount must be no more than ${readable(amountMax, code)}`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  }
}

/** `$0.50 usd`, for messages. */
export function readable(cents: number, code: string): string {
  const number = code === 'jpy' ? String(cents) : (cents / 100).toFixed(2);
  return `${code === 'usd' ? '$' : ''}${number} ${code}`;
}

/** A moment, in seconds since 1970. */
export const timestamp = integer({ min: 0 });

/** Text that an empty value takes away. */
export const clearableText = (lengthMax?: number) => clearable(text(lengthMax));

/** Up to 50 pairs. In an update an empty value removes its key, and an empty text removes all of them. */
export type Metadata = Readonly<Record<string, string>>;

/** Metadata as it was sent: `null` removes everything. */
export const metadata: Param<Metadata | null> = (value, name) => {
  if (value === '') return null;
  if (typeof value === 'string') throw invalidParameter('Invalid object', name);
  const pairs = [...value].map(([key, given]) => pairOf(key, given, name));
  if (pairs.length > 50) throw invalidParameter('You can have up to 50 metadata keys.', name);
  return Object.fromEntries(pairs);
};

function pairOf(key: string, given: FormValue, name: string): [string, string] {
  const full = `${name}[${key}]`;
  if (typeof given !== 'string') throw invalidParameter('Metadata values must be strings', full);
  if (key.length > 40) throw invalidParameter('Metadata keys must be 40 characters or less.', full);
  if (given.length > 500) throw invalidParameter('Metadata values must be 500 characters or less.', full);
  return [key, given];
}

/** What an object's metadata is after an update. */
export function mergedMetadata(old: Metadata, change: Metadata | null | undefined): Metadata {
  if (change === undefined) return old;
  if (change === null) return {};
  return Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== ''));
}

const line = clearableText();
const addressFields = { city: line, country: line, line1: line, line2: line, postal_code: line, state: line };

/** A postal address; what was not given is null. */
export type Address = Record<keyof typeof addressFields, string | null>;

/** An address without any part. */
export function emptyAddress(): Address {
  return { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
}

/** An address, complete with nulls. */
export const address: Param<Address> = (value, name) => ({ ...emptyAddress(), ...fields(addressFields)(value, name) });

/** Name, address and phone of a parcel. */
export const shipping = fields({ address, name: text(), phone: line, carrier: line, tracking_number: line }, [
  'address',
  'name',
]);

/** Who pays. */
export const billingDetails = fields({
  address: clearable(address),
  email: line,
  name: line,
  phone: line,
  tax_id: line,
});

/** `automatic_payment_methods` of an intent. */
export const automaticPaymentMethods = fields({ enabled: boolean, allow_redirects: oneOf('always', 'never') }, [
  'enabled',
]);
