import { createHash } from 'node:crypto';

/** Looks like the portal: ink on paper, in whichever scheme the reader has. */
export const STYLE = `
:root{color-scheme:light dark;--paper:light-dark(#fff,#0c0c0e);--sunken:light-dark(#f8f8f9,#131316);--ink:light-dark(#18181b,#ededf0);--muted:light-dark(#565660,#a8a8b3);--line:light-dark(#e7e7eb,#26262b);--link:light-dark(#1459c7,#7aaeff);--focus:light-dark(#2f6fed,#7aaeff)}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 Geist,ui-sans-serif,system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:44rem;margin:0 auto;padding:3rem 1rem 4rem}
h1{font-size:1.5rem;line-height:1.25;font-weight:600;margin:0 0 .25rem;text-wrap:balance}
h2{font-size:1rem;font-weight:600;margin:2.25rem 0 .5rem}
p{margin:0 0 .75rem;max-width:60ch}
.muted{color:var(--muted)}
code,pre{font-family:"Geist Mono",ui-monospace,SFMono-Regular,Menlo,monospace;font-size:12px}
pre{background:var(--sunken);border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem;margin:0 0 .75rem;white-space:pre-wrap;overflow-wrap:anywhere}
ul{list-style:none;margin:0;padding:0}
li{display:flex;flex-wrap:wrap;gap:.25rem 1rem;justify-content:space-between;padding:.5rem 0;border-top:1px solid var(--line)}
li:last-child{border-bottom:1px solid var(--line)}
li span{overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:2px}
a:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:2px}
footer{margin-top:2.5rem;font-size:12px;color:var(--muted)}
`;

/** Nothing is loaded, run, framed or sent from a page; this one style is all it has. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
