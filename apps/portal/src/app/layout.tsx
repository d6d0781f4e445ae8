import { ThemeScript } from '@tollwright/ui';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { AppRouter } from '../frame/app-router.tsx';
import { iconDataUrl } from '../frame/mark.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Tollwright', template: '%s · Tollwright' },
  description: 'The gateway and billing portal that lets AI agents pay for an API.',
  icons: { icon: iconDataUrl },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#0c0c0e' },
  ],
};

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <head>
        <ThemeScript />
      </head>
      <body className="bg-paper font-sans text-ink antialiased">
        <AppRouter>{children}</AppRouter>
      </body>
    </html>
  );
}
