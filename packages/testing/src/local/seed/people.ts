import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor, signIn, signUp, verifyEmail } from '@tollwright/services';
import type { SeedContext } from './context.ts';

export interface Person {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

const MAIL_TIMEOUT_MS = 10_000;

/** An account with a confirmed address: signs up, reads the mail and follows its link, as a person would. */
export async function accountOf(ctx: SeedContext, person: Person): Promise<Actor> {
  const { services } = ctx;
  const known = await signIn(services, person);
  if (known.kind === 'signed-in') return { kind: 'user', userId: known.user.id };
  const before = new Set(mailsTo(ctx.env.mailDir, person.email));
  await signUp(services, person);
  const token = await tokenFromMail(ctx.env.mailDir, person.email, before);
  const { userId } = await verifyEmail(services, { token });
  return { kind: 'user', userId };
}

async function tokenFromMail(folder: string, email: string, before: ReadonlySet<string>): Promise<string> {
  const deadline = Date.now() + MAIL_TIMEOUT_MS;
  while (Date.now() < deadline) {
    for (const path of mailsTo(folder, email).filter((name) => !before.has(name))) {
      const token = /verify-email\?token=([A-Za-z0-9_-]+)/.exec(bodyOf(path))?.[1];
      if (token !== undefined) return token;
    }
    await sleep(50);
  }
  throw new Error(`no mail with a link came for ${email}`);
}

function mailsTo(folder: string, email: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => join(folder, name))
    .filter((path) => readFileSync(path, 'utf8').includes(`To: ${email}`));
}

/** Undoes quoted-printable. */
function bodyOf(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
