import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';

/** Writes each mail as `<time>-<random>.eml` into a folder, complete when it appears. For local mode. */
export function createFileMailer(options: { readonly directory: string; readonly from: string }): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    async send(mail) {
      const { message } = await transport.sendMail({
        from: options.from,
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        textEncoding: 'quoted-printable',
      });
      await mkdir(options.directory, { recursive: true, mode: 0o700 });
      const name = `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomBytes(4).toString('hex')}`;
      const partial = join(options.directory, `.${name}.partial`);
      await writeFile(partial, message as Buffer, { mode: 0o600 });
      await rename(partial, join(options.directory, `${name}.eml`));
    },
  };
}
