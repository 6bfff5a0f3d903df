import { useSyncExternalStore } from 'react';

/** How people sign in here, as `GET /api/sign-in` says. */
export type SignInMode =
  | { readonly mode: 'key' }
  | { readonly mode: 'entra'; readonly authority: string; readonly clientId: string; readonly scope: string };

export interface Me {
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly tenant: string;
  /** The roles that may call each operation. */
  readonly operations: Readonly<Record<string, readonly string[]>>;
}

/** What is sent with each request. */
export interface Credentials {
  readonly key: string;
  /** Who a person says they are, where the server believes it (the emulator). */
  readonly name?: string;
  /** What they act as; all that the key allows when left out. */
  readonly roles?: readonly string[];
  readonly token?: string;
  readonly refresh?: string;
}

export interface Session {
  readonly credentials: Credentials | null;
  readonly me: Me | null;
  /** Why the sign-in dialog is open; null when it is not. */
  readonly asking: 'first' | 'expired' | 'chosen' | null;
}

const storageKey = 'clm.session';
const listeners = new Set<() => void>();
const waiting: (() => void)[] = [];
let session: Session = { credentials: kept(), me: null, asking: null };

function kept(): Credentials | null {
  const text = sessionStorage.getItem(storageKey);
  return text === null ? null : (JSON.parse(text) as Credentials);
}

function change(next: Partial<Session>): void {
  session = { ...session, ...next };
  for (const listener of listeners) listener();
}

export const sessionNow = (): Session => session;

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}

/** Opens the dialog over the page and waits until someone has signed in. Nothing on the page is lost meanwhile. */
export function askToSignIn(reason: 'first' | 'expired'): Promise<void> {
  if (session.asking === null) change({ asking: reason });
  return new Promise((resolve) => waiting.push(resolve));
}

export const changeUser = (): void => change({ asking: 'chosen' });

/** Closes the dialog without a change; only where someone is signed in already. */
export const stay = (): void => change({ asking: null });

export function signedIn(credentials: Credentials, me: Me): void {
  renew(credentials);
  change({ me, asking: null });
  for (const resolve of waiting.splice(0)) resolve();
}

export function renew(credentials: Credentials): void {
  sessionStorage.setItem(storageKey, JSON.stringify(credentials));
  change({ credentials });
}

export function headersOf(credentials: Credentials): Record<string, string> {
  const headers: Record<string, string> = { 'x-functions-key': credentials.key };
  if (credentials.token !== undefined) headers['authorization'] = `Bearer ${credentials.token}`;
  if (credentials.name !== undefined) {
    headers['x-ms-client-principal-name'] = credentials.name;
    if (credentials.roles !== undefined)
      headers['x-ms-client-principal'] = btoa(JSON.stringify({ claims: credentials.roles.map((role) => ({ typ: 'roles', val: role })) }));
  }
  return headers;
}

export interface Permission {
  readonly allowed: boolean;
  /** The roles that may, for the reason beside a button that is off. */
  readonly roles: readonly string[];
}

/** Whether the person who is signed in may call an operation of the API, by its name in openapi.json. */
export function usePermission(operation: string): Permission {
  const { me } = useSession();
  const roles = me?.operations[operation] ?? [];
  return { allowed: me !== null && roles.some((role) => me.roles.includes(role)), roles };
}
