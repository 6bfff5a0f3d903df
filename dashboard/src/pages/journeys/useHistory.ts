import { useCallback, useRef, useState } from 'react';

/** Milliseconds within which keys of one place are one step. */
const pause = 800;
const most = 200;

/**
 * Steps back and forth over a text that is kept elsewhere.
 * @param text as it stands.
 * @param keep puts another in its place.
 */
export function useHistory(text: string, keep: (text: string) => void) {
  const past = useRef<string[]>([]);
  const future = useRef<string[]>([]);
  const last = useRef({ at: 0, about: '' });
  const [, redraw] = useState(0);
  /** @param about what is edited: typing on in the same place is one step. */
  const change = useCallback((next: string, about: string) => {
    if (next === text) return;
    const now = performance.now();
    if (about === '' || about !== last.current.about || now - last.current.at > pause) past.current = [...past.current.slice(1 - most), text];
    last.current = { at: now, about };
    future.current = [];
    keep(next);
  }, [text, keep]);
  const step = useCallback((from: typeof past, to: typeof past) => {
    const next = from.current.at(-1);
    if (next === undefined) return;
    from.current = from.current.slice(0, -1);
    to.current = [...to.current, text];
    last.current = { at: 0, about: '' };
    keep(next);
    redraw((count) => count + 1);
  }, [text, keep]);
  return { change, undo: () => step(past, future), redo: () => step(future, past), forget: () => {
    past.current = [];
    future.current = [];
  }, mayUndo: past.current.length > 0, mayRedo: future.current.length > 0 };
}
