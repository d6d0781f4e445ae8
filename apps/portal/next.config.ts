import path from 'node:path';
import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

const root = path.join(import.meta.dirname, '../..');

/**
 * Next writes its hydration data as inline scripts, hence `unsafe-inline`; charts and menus set inline styles. Nothing
 * is loaded from another host except pictures, because a provider's logo may live anywhere.
 */
function contentSecurityPolicy(development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export default function config(phase: string): NextConfig {
  return {
    output: 'standalone',
    outputFileTracingRoot: root,
    turbopack: { root },
    // It reads its own files, and so does what draws with its fonts.
    serverExternalPackages: ['pdfkit'],
    outputFileTracingIncludes: {
      '/**': ['kosugi', 'noto-sans', 'unifontex'].flatMap((family) => [
        `../../node_modules/@fontsource/${family}/unicode.json`,
        `../../node_modules/@fontsource/${family}/LICENSE`,
        `../../node_modules/@fontsource/${family}/files/*.woff`,
      ]),
    },
    poweredByHeader: false,
    reactStrictMode: true,
    // A portal that is killed while it compiles leaves a cache on which Turbopack panics at the next start.
    experimental: { optimizePackageImports: ['@tollwright/ui'], turbopackFileSystemCacheForDev: false },
    headers: async () => [
      {
        source: '/:path*',
        headers: [
          { key: 'Content-Security-Policy', value: contentSecurityPolicy(phase === PHASE_DEVELOPMENT_SERVER) },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        ],
      },
    ],
  };
}
