import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { readLocal } from './local.ts';

const MAILED_MS_MAX = 30_000;

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The link in the newest mail with this subject to this address, which may still be on its way. */
export async function mailedLink(to: string, subject: string): Promise<string> {
  const mail = await eventually(`"${subject}" is mailed to ${to}`, MAILED_MS_MAX, async () => {
    const found = mailsTo(to).filter((each) => each.subject === subject);
    return found.at(-1) ?? null;
  });
  const link = /https?:\/\/\S+/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`the mail has no link: ${mail.text}`);
  return link;
}

/** What was mailed to an address, oldest first. */
export function mailsTo(to: string): Mail[] {
  const { mailDir } = readLocal();
  const names = readdirSync(mailDir).filter((name) => name.endsWith('.eml'));
  const mails = names.sort().map((name) => parseMail(readFileSync(join(mailDir, name), 'utf8')));
  return mails.filter((mail) => mail.to === to);
}

function parseMail(eml: string): Mail {
  const [head = '', ...body] = eml.split('\n\n');
  const lines = head.replace(/\n[ \t]+/g, ' ').split('\n');
  const header = (name: string) =>
    lines.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2);
  const encoding = header('content-transfer-encoding');
  const text = body.join('\n\n');
  return {
    to: header('to') ?? '',
    subject: header('subject') ?? '',
    text: encoding === 'quoted-printable' ? fromQuotedPrintable(text) : text,
  };
}

function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
