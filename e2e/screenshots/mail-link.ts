import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { readLocal } from '../local.ts';

export type MailedPage = 'verify-email' | 'invitation' | 'reset-password';

/** The token of the newest link to `page` that was mailed to an address. Waits for the mail. */
export function mailedToken(email: string, page: MailedPage): Promise<string> {
  return eventually(`a mail to ${email} with a link to ${page}`, 10_000, async () => mailedTokenNow(email, page));
}

/** The same, or null when there is no such mail yet. */
export function mailedTokenNow(email: string, page: MailedPage): string | null {
  const { mailDir } = readLocal();
  const newestFirst = readdirSync(mailDir).filter(isMail).sort().reverse();
  for (const name of newestFirst) {
    const mail = decoded(readFileSync(join(mailDir, name), 'utf8'));
    if (!mail.includes(`To: ${email}`)) continue;
    const token = new RegExp(`/${page}\\?token=([\\w-]+)`).exec(mail)?.[1];
    if (token !== undefined) return token;
  }
  return null;
}

function isMail(name: string): boolean {
  return name.endsWith('.eml');
}

/** Undoes quoted-printable. */
function decoded(mail: string): string {
  return mail
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
