import { StripeError } from '../errors.ts';

/**
 * Refuses what is not a secret key of the test mode, or one whose text says that it is for the double: a real live key never
 * ends up here. Any key of these forms speaks for the one account there is.
 */
export function authorize(authorization: string | undefined): void {
  const key = keyOf(authorization ?? '');
  if (key === '') {
    throw refusal(
      401,
      'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. ' +
        "'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (/^pk_/.test(key)) {
    throw refusal(403, 'This API call cannot be made with a publishable API key. Please use a secret API key.');
  }
  if (!/^[sr]k_(?:test_\w+|live_double\w*)$/.test(key)) throw refusal(401, `Invalid API Key provided: ${masked(key)}`);
}

/** The key of `Bearer` or of `Basic`, where it is the name of the user. */
function keyOf(authorization: string): string {
  const [scheme = '', credentials = ''] = authorization.split(/\s+/, 2);
  if (/^bearer$/i.test(scheme)) return credentials;
  if (!/^basic$/i.test(scheme)) return '';
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '';
}

/** A key that can be shown: its beginning and its last four characters. */
export function masked(key: string): string {
  return `${key.slice(0, 8)}${'*'.repeat(Math.max(0, Math.min(key.length - 12, 12)))}${key.slice(8).slice(-4)}`;
}

function refusal(status: number, message: string): StripeError {
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer realm="Stripe"' } : {};
  return new StripeError(status, { type: 'invalid_request_error', message }, { executed: false, headers });
}
