import { describe, expect, it } from 'vitest';
import { workerEnv } from './env.ts';

const NEEDED = {
  DATABASE_URL: 'postgresql://tollwright_worker@127.0.0.1/tollwright',
  PORTAL_PUBLIC_URL: 'https://console.example.com',
  GATEWAY_PUBLIC_URL: 'https://api.example.com',
  TOLLWRIGHT_MASTER_KEY_FILE: '/run/secrets/master_key',
};

describe('the environment of the worker', () => {
  it('takes an empty variable for one that is not set', () => {
    const env = workerEnv({ ...NEEDED, SMTP_URL: '', REDIS_URL: '', CHAIN_RPC_URLS: '', LOG_LEVEL: '' });
    expect([env.SMTP_URL, env.REDIS_URL, env.LOG_LEVEL]).toEqual([undefined, undefined, 'info']);
    expect(env.CHAIN_RPC_URLS.size).toBe(0);
  });

  it('reads one node for each network', () => {
    const env = workerEnv({
      ...NEEDED,
      CHAIN_RPC_URLS: 'eip155:8453=https://a.example/x, eip155:84532=http://b.example',
    });
    expect([...env.CHAIN_RPC_URLS]).toEqual([
      ['eip155:8453', 'https://a.example/x'],
      ['eip155:84532', 'http://b.example'],
    ]);
  });

  it('refuses what is not network=address', () => {
    expect(() => workerEnv({ ...NEEDED, CHAIN_RPC_URLS: 'base=https://a.example' })).toThrow('base=https://a.example');
  });

  it('names every variable that is missing', () => {
    expect(() => workerEnv({})).toThrow(/DATABASE_URL[\s\S]*TOLLWRIGHT_MASTER_KEY_FILE/);
  });
});
