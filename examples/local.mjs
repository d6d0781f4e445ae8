import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(process.env.TOLLWRIGHT_HOME ?? join(import.meta.dirname, '..', '.tollwright'), 'local.json');
const local = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;

export const baseUrl = process.env.BASE_URL ?? need(local?.api.baseUrl, 'BASE_URL');
export const agentKey = process.env.AGENT_KEY ?? need(local?.agentKey, 'AGENT_KEY');
export const paidUrl = process.env.PAID_URL ?? need(local?.paidUrl, 'PAID_URL');
export const agentPrivateKey = process.env.AGENT_PRIVATE_KEY ?? need(local?.chain.agentPrivateKey, 'AGENT_PRIVATE_KEY');

function need(value, name) {
  if (value === undefined) throw new Error(`Set ${name}, or run npm start first.`);
  return value;
}
