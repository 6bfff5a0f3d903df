import { useEffect, useState } from 'react';
import { failureOf, Failure } from '../../api/client';
import { signInMode } from '../../app/resume';

/** Whether the product runs in the emulator, whose host has routes of its own; null until that is known. */
export function useEmulator(): boolean | null {
  const [isEmulator, set] = useState<boolean | null>(null);
  useEffect(() => {
    signInMode().then(({ mode }) => set(mode === 'key'), () => set(null));
  }, []);
  return isEmulator;
}

/** Asks a route of the emulator's host, which takes the master key alone. */
export async function askHost<T>(path: string, masterKey: string, body?: unknown): Promise<T> {
  const answer = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-functions-key': masterKey, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Failure(0, 'unreachable');
  });
  const text = await answer.text();
  const read: unknown = text === '' ? null : JSON.parse(text);
  if (!answer.ok) throw failureOf(answer.status, read);
  return read as T;
}
