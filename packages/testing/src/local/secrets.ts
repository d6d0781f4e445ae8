import { randomBytes } from 'node:crypto';
import { type DatabaseRole, databaseRoles } from '@tollwright/state';
import { type Home, readJson, writeJson } from './home.ts';

/** What the local processes share with each other, made once per state folder. */
export interface Secrets {
  nextAuthSecret: string;
  upstreamToken: string;
  rolePasswords: Record<DatabaseRole, string>;
}

/** Reads the secrets, or makes those that are missing. */
export function openSecrets(home: Home): Secrets {
  const kept = readJson<Partial<Secrets>>(home.secretsFile);
  const passwords = databaseRoles.map((role) => [role, kept?.rolePasswords?.[role] ?? secret()]);
  const secrets: Secrets = {
    nextAuthSecret: kept?.nextAuthSecret ?? secret(),
    upstreamToken: kept?.upstreamToken ?? secret(),
    rolePasswords: Object.fromEntries(passwords),
  };
  writeJson(home.secretsFile, secrets);
  return secrets;
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}
