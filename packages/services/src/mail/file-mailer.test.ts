import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFileMailer } from './file-mailer.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tollwright-mail-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('writes each mail as one .eml file with its addresses and text', async () => {
  const mailer = createFileMailer({ directory: join(directory, 'mail'), from: 'Tollwright <noreply@local.example>' });
  const link = `https://portal.example/verify-email?token=${'a'.repeat(43)}`;
  await mailer.send({ to: 'ada@people.example', subject: 'Confirm your address', text: `Open:\n\n${link}\n` });
  const names = await readdir(join(directory, 'mail'));
  expect(names).toEqual([expect.stringMatching(/\.eml$/)]);
  const text = await readFile(join(directory, 'mail', names[0] ?? ''), 'utf8');
  expect(text).toMatch(/^To: ada@people\.example$/m);
  expect(text).toMatch(/^Subject: Confirm your address$/m);
  expect(text.replace(/=\r?\n/g, '').replaceAll('=3D', '=')).toContain(link);
});
