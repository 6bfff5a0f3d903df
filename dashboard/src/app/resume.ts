import { rememberIssuer } from '../api/entra';
import { failureOf } from '../api/client';
import { headersOf, sessionNow, signedIn, type Credentials, type Me, type SignInMode } from '../api/session';

let mode: Promise<SignInMode> | null = null;

/** How people sign in here; asked once, and again after a failure. */
export function signInMode(): Promise<SignInMode> {
  mode ??= fetch('/api/sign-in').then(async (answer) => {
    if (!answer.ok) throw failureOf(answer.status, null);
    const found = (await answer.json()) as SignInMode;
    if (found.mode === 'entra') rememberIssuer(found);
    return found;
  }).catch((reason: unknown) => {
    mode = null;
    throw reason;
  });
  return mode;
}

/** Takes up the session that this window has kept; false when there is none that holds. */
export async function resume(): Promise<boolean> {
  const { credentials } = sessionNow();
  if (credentials === null) return false;
  try {
    await signInMode();
    await enter(credentials);
    return true;
  } catch {
    // The dialog says what is wrong when the person tries again.
    return false;
  }
}

/** Signs in with credentials; throws `Failure` with the server's words when they do not hold. */
export async function enter(credentials: Credentials): Promise<void> {
  const answer = await fetch('/api/me', { headers: headersOf(credentials) });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw failureOf(answer.status, body);
  signedIn(credentials, body as Me);
}

/** The function key that the product gives to who has signed in at the issuer. */
export async function keyFor(token: string): Promise<string> {
  const answer = await fetch('/api/sign-in', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw failureOf(answer.status, body);
  return (body as { key: string }).key;
}
