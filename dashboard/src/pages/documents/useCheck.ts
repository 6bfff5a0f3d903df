import { useEffect, useState } from 'react';
import { ask } from '../../api/client';
import { usePermission } from '../../api/session';
import { findingsOf, jsonBody, pathOf, type Finding } from './api';

/** Milliseconds without a key before the text is checked. */
const pause = 400;

export interface Check {
  /** Why the text is no JSON. */
  readonly wrong: string | null;
  /** Null while it is being checked. */
  readonly findings: readonly Finding[] | null;
  readonly failure: unknown;
}

/** Has the server check the text whenever the keys rest. */
export function useCheck(collection: string, id: string, text: string): Check {
  const { allowed } = usePermission('ValidateDocument');
  const [answer, setAnswer] = useState<{ readonly text: string; readonly findings: readonly Finding[] | null; readonly failure: unknown }>({ text: '', findings: null, failure: null });
  const wrong = faultOf(text);
  useEffect(() => {
    if (wrong !== null || !allowed) return;
    const over = new AbortController();
    const timer = window.setTimeout(() => {
      ask<{ findings: readonly Finding[] }>(`${pathOf(collection, id)}/validation`, { ...jsonBody('POST', text), signal: over.signal }).then(
        ({ findings }) => setAnswer({ text, findings, failure: null }),
        (failure: unknown) => {
          if (!over.signal.aborted) setAnswer({ text, findings: findingsOf(failure), failure: findingsOf(failure).length > 0 ? null : failure });
        },
      );
    }, pause);
    return () => {
      over.abort();
      window.clearTimeout(timer);
    };
  }, [collection, id, text, wrong, allowed]);
  return !allowed ? { wrong, findings: [], failure: null } : answer.text === text ? { wrong, ...answer } : { wrong, findings: null, failure: null };
}

function faultOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (wrong) {
    return (wrong as SyntaxError).message;
  }
}
