import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';

/** Sends by SMTP. `url` is `smtp://user:password@host:587` or `smtps://...`; `from` the sender's address. */
export function createSmtpMailer(options: { readonly url: string; readonly from: string }): Mailer {
  const transport = createTransport({
    url: options.url,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 8_000,
  });
  return {
    async send(mail) {
      await transport.sendMail({ from: options.from, to: mail.to, subject: mail.subject, text: mail.text });
    },
  };
}
