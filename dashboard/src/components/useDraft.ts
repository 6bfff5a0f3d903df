import { useCallback, useState } from 'react';

const prefix = 'clm.draft.';

/**
 * What someone is typing, kept in this window until it is saved: it outlives a reload, a server that is gone and a session that has ended.
 * @param name unique for what is edited, such as `strategies/offers`.
 * @returns the text (null when there is no draft), a setter, and a way to drop it once it is saved.
 */
export function useDraft(name: string): readonly [string | null, (text: string) => void, () => void] {
  const key = prefix + name;
  const [kept, setKept] = useState(() => ({ key, text: sessionStorage.getItem(key) }));
  // Another document's draft takes the place of the one before, in the same render.
  const text = kept.key === key ? kept.text : sessionStorage.getItem(key);
  const set = useCallback((next: string) => {
    sessionStorage.setItem(key, next);
    setKept({ key, text: next });
  }, [key]);
  const drop = useCallback(() => {
    sessionStorage.removeItem(key);
    setKept({ key, text: null });
  }, [key]);
  return [text, set, drop];
}
