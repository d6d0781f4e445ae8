/** An answer that is not HTTP/1.1 as this client accepts it. Its connection is never used again. */
export class MalformedResponse extends Error {
  constructor(detail: string) {
    super(`the upstream's answer is malformed: ${detail}`);
    this.name = 'MalformedResponse';
  }
}

/** A request that cannot be written without meaning something else to the upstream. Nothing of it was written. */
export class InvalidRequest extends Error {
  constructor(detail: string) {
    super(`the request cannot be written: ${detail}`);
    this.name = 'InvalidRequest';
  }
}
