import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const storageKey = 'clm.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function themeNow(): Theme {
  const kept = localStorage.getItem(storageKey);
  return kept === 'light' || kept === 'dark' ? kept : dark.matches ? 'dark' : 'light';
}

function show(): void {
  document.documentElement.dataset['theme'] = themeNow();
  for (const listener of listeners) listener();
}

dark.addEventListener('change', show);
show();

export function setTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme);
  show();
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, themeNow);
