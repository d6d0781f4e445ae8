import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const NEEDED = {
  STATE_DATABASE_URL: 'postgresql://tollwright_gateway@127.0.0.1/tollwright',
  SPOOL_DIR: '/var/lib/tollwright/spool',
  SNAPSHOT_DIR: '/var/lib/tollwright/snapshots',
  GATEWAY_PUBLIC_URL: 'https://api.example.com/',
  PORTAL_PUBLIC_URL: 'https://console.example.com',
  TOLLWRIGHT_MASTER_KEY_FILE: '/run/secrets/master_key',
};

describe('the environment of the gateway', () => {
  it('needs no more than where things are', () => {
    expect(readEnv(NEEDED)).toMatchObject({ HOST: '127.0.0.1', PORT: 8787, TOLLWRIGHT_EGRESS_ALLOW: [] });
  });

  it('names the state store: PostgreSQL or Redis', () => {
    const { STATE_DATABASE_URL: _, ...rest } = NEEDED;
    expect(() => readEnv(rest)).toThrow(/STATE_DATABASE_URL or REDIS_URL/);
    expect(readEnv({ ...rest, REDIS_URL: 'redis://a:1,redis://b:2' }).REDIS_URL).toBe('redis://a:1,redis://b:2');
    expect(() => readEnv({ ...rest, REDIS_URL: 'http://a:1' })).toThrow(/REDIS_URL/);
  });

  it('drops the slash at the end of an address', () => {
    expect(readEnv(NEEDED).GATEWAY_PUBLIC_URL).toBe('https://api.example.com');
  });

  it('takes an empty variable for one that is not set', () => {
    const env = readEnv({ ...NEEDED, FACILITATOR_URL: '', LOG_LEVEL: '', TOLLWRIGHT_GATEWAY_NAME: '' });
    expect(env.FACILITATOR_URL).toEqual([]);
    expect([env.LOG_LEVEL, env.TOLLWRIGHT_GATEWAY_NAME]).toEqual(['info', 'gateway']);
  });

  it('knows several facilitators, the first preferred', () => {
    const env = readEnv({ ...NEEDED, FACILITATOR_URL: 'https://a.example/x402/, https://b.example' });
    expect(env.FACILITATOR_URL).toEqual(['https://a.example/x402', 'https://b.example']);
    expect(() => readEnv({ ...NEEDED, FACILITATOR_URL: 'https://a.example,b' })).toThrow(/FACILITATOR_URL/);
  });

  it('knows two clients for upstreams, its own by default', () => {
    expect(readEnv(NEEDED).UPSTREAM_CLIENT).toBe('own');
    expect(readEnv({ ...NEEDED, UPSTREAM_CLIENT: 'undici' }).UPSTREAM_CLIENT).toBe('undici');
    expect(() => readEnv({ ...NEEDED, UPSTREAM_CLIENT: 'curl' })).toThrow(/UPSTREAM_CLIENT/);
  });

  it('names every variable that is wrong', () => {
    const wrong = { ...NEEDED, PORT: 'http', SPOOL_DIR: '' };
    expect(() => readEnv(wrong)).toThrow(/PORT[\s\S]*SPOOL_DIR|SPOOL_DIR[\s\S]*PORT/);
  });
});
