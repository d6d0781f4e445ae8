/** A plain-text mail. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Hands mail to the outside. Rejects when it could not; the outbox then tries again. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}
