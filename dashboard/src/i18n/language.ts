import { useSyncExternalStore } from 'react';

export type Language = 'en' | 'de';

const storageKey = 'clm.language';
const listeners = new Set<() => void>();
let current: Language = initial();

function initial(): Language {
  const kept = localStorage.getItem(storageKey);
  return kept === 'en' || kept === 'de' ? kept : navigator.language.startsWith('de') ? 'de' : 'en';
}

export function setLanguage(language: Language): void {
  current = language;
  localStorage.setItem(storageKey, language);
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

document.documentElement.lang = current;

export const languageNow = (): Language => current;

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
