import { THEME_STORAGE_KEY } from './theme.ts';

const SCRIPT = `try{var t=localStorage.getItem('${THEME_STORAGE_KEY}');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch(e){}`;

/** Sets the chosen theme before the first paint. Belongs in <head>; <html> needs suppressHydrationWarning. */
export function ThemeScript({ nonce }: { readonly nonce?: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file, which must run before the page is painted
  return <script {...(nonce ? { nonce } : {})} dangerouslySetInnerHTML={{ __html: SCRIPT }} />;
}
