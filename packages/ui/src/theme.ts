/** What the reader chose; `system` follows the device. */
export type Theme = 'light' | 'dark' | 'system';

export const THEME_STORAGE_KEY = 'tollwright-theme';
export const THEMES: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'System' },
];

export function isTheme(value: unknown): value is Theme {
  return value === 'light' || value === 'dark' || value === 'system';
}
