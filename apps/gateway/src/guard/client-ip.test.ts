import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientIp } from './client-ip.ts';

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('the address of a caller', () => {
  it.each([
    ['is the socket when no proxy is trusted', '192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
    ['is what the one proxy saw', '10.0.0.1', '203.0.113.9', 1, '203.0.113.9'],
    ['is not what the caller wrote before it', '10.0.0.1', '198.51.100.1, 203.0.113.9', 1, '203.0.113.9'],
    ['is what the outer of two proxies saw', '10.0.0.2', '198.51.100.1, 203.0.113.9, 10.0.0.1', 2, '203.0.113.9'],
    ['is the socket when there are fewer proxies than trusted', '192.0.2.1', '203.0.113.9', 2, '192.0.2.1'],
    ['is the socket without the header', '192.0.2.1', undefined, 1, '192.0.2.1'],
    ['is v4 when it came over IPv6', '::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
    ['stays IPv6', '2001:db8::1', undefined, 0, '2001:db8::1'],
  ])('%s', (_fact, socket, forwarded, trusted, expected) => {
    expect(clientIp(request(socket, forwarded), trusted)).toBe(expected);
  });
});
