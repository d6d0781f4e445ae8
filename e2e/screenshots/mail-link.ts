import { eventually } from '../eventually.ts';
import { mailsTo } from '../mail.ts';

export type MailedPage = 'verify-email' | 'invitation' | 'reset-password';

/** The token of the newest link to `page` that was mailed to an address. Waits for the mail. */
export function mailedToken(email: string, page: MailedPage): Promise<string> {
  return eventually(`a mail to ${email} with a link to ${page}`, 10_000, async () => mailedTokenNow(email, page));
}

/** The same, or null when there is no such mail yet. */
export function mailedTokenNow(email: string, page: MailedPage): string | null {
  const link = new RegExp(`/${page}\\?token=([\\w-]+)`);
  for (const { text } of mailsTo(email).reverse()) {
    const token = link.exec(text)?.[1];
    if (token !== undefined) return token;
  }
  return null;
}
