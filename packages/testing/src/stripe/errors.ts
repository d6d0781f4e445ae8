/** What `error` of an answer may hold beside its message. Objects are those of the API, as they are at that moment. */
export type ErrorFields = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: object;
  payment_method?: object;
  setup_intent?: object;
};

/**
 * An error answer of the API. `executed` says whether the request had begun to act: only then is the answer kept under its
 * idempotency key.
 */
export class StripeError extends Error {
  readonly status: number;
  readonly fields: ErrorFields;
  readonly headers: Readonly<Record<string, string>>;
  readonly executed: boolean;

  constructor(
    status: number,
    fields: ErrorFields,
    { executed = true, headers = {} }: { executed?: boolean; headers?: Record<string, string> } = {},
  ) {
    super(fields.message);
    this.status = status;
    this.fields = fields;
    this.headers = headers;
    this.executed = executed;
  }

  /** The body of the answer. */
  body(requestId: string): object {
    const { code } = this.fields;
    const page = code === undefined ? {} : { doc_url: docUrlOf(code) };
    return { error: { ...this.fields, ...page, request_log_url: `https://dashboard.stripe.com/logs/${requestId}` } };
  }
}

/** The page of an error code. */
export function docUrlOf(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;
}

/** 400: the request cannot be carried out as it is. */
export function invalidRequest(message: string, rest: { code?: string; param?: string } = {}): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', message, ...rest });
}

/** 400: a parameter was refused before anything was done. */
export function invalidParameter(message: string, param: string, code?: string): StripeError {
  const fields = { type: 'invalid_request_error' as const, message, param };
  return new StripeError(400, code === undefined ? fields : { ...fields, code }, { executed: false });
}

/** An id that names nothing: 404 in the path, 400 in a parameter. */
export function resourceMissing(kind: string, id: string, param = 'id'): StripeError {
  return new StripeError(param === 'id' ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });
}

/** 402: the issuer or the customer refuses. */
export function cardError(fields: Omit<ErrorFields, 'type'>): StripeError {
  return new StripeError(402, { type: 'card_error', ...fields });
}
