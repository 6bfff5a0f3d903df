import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** A piece of state that lives in the address, so that a link shows the same. The initial value is left out of it. */
export function useUrlState(name: string, initial = ''): [string, (value: string) => void] {
  const [query, setQuery] = useSearchParams();
  const set = useCallback((value: string) => {
    setQuery((before) => {
      const next = new URLSearchParams(before);
      if (value === initial) next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  }, [setQuery, name, initial]);
  return [query.get(name) ?? initial, set];
}
