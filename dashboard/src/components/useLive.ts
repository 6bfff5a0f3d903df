import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '../api/session';

export interface Live<T> {
  /** The last answer; it stays while a later question fails. */
  readonly data: T | null;
  /** Why the last question had no answer; null when it had one. */
  readonly failure: unknown;
  readonly refresh: () => void;
}

const longest = 60_000;

/**
 * Asks again and again while the page is looked at, so that figures are live without loading the page again.
 * @param ask asks once; a new function (useCallback) asks anew and forgets the old answer.
 * @param every milliseconds between an answer and the next question; 0 asks once. While the server is gone they double up to a minute.
 */
export function useLive<T>(ask: (signal: AbortSignal) => Promise<T>, every = 5000): Live<T> {
  const { me } = useSession();
  const [state, setState] = useState<{ data: T | null; failure: unknown }>({ data: null, failure: null });
  const again = useRef<() => void>(() => undefined);
  const asked = useRef(ask);

  useEffect(() => {
    const over = new AbortController();
    let timer: number | undefined;
    let failures = 0;
    const once = async () => {
      window.clearTimeout(timer);
      try {
        const data = await ask(over.signal);
        if (over.signal.aborted) return;
        failures = 0;
        setState({ data, failure: null });
      } catch (failure) {
        if (over.signal.aborted) return;
        failures++;
        setState((before) => ({ ...before, failure }));
      }
      if (every > 0 || failures > 0) timer = window.setTimeout(look, Math.min(longest, Math.max(every, 1000) * 2 ** Math.min(failures, 6)));
    };
    const look = () => {
      // A page that nobody looks at asks nothing; the event below asks when it is looked at again.
      if (!document.hidden) void once();
    };
    again.current = () => void once();
    document.addEventListener('visibilitychange', look);
    // Another question forgets the answer; another person, or the same one after a session has ended, keeps it until theirs is there,
    // so that what is being typed below it stays.
    if (asked.current !== ask) setState({ data: null, failure: null });
    asked.current = ask;
    void once();
    return () => {
      over.abort();
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [ask, every, me]);

  const refresh = useCallback(() => again.current(), []);
  return { ...state, refresh };
}
