import type { Credentials, SignInMode } from './session';

/*
 * OpenID Connect's authorization code flow with proof key (RFC 7636), in a window of its own: the page that someone is
 * working on stays as it is. The window comes back to the console, which hands the code over on a channel of this origin.
 */

type Entra = Extract<SignInMode, { mode: 'entra' }>;

interface Issuer {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
}

const channel = 'clm.sign-in';
const redirect = () => `${location.origin}/api/console/`;
let mode: Entra | null = null;

const encode = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const nonce = () => encode(crypto.getRandomValues(new Uint8Array(32)));

/** In the window that the issuer sent back: hands the code to the page that opened it. True when this is that window. */
export function handOver(): boolean {
  const query = new URLSearchParams(location.search);
  if (!query.has('state') || !(query.has('code') || query.has('error'))) return false;
  new BroadcastChannel(channel).postMessage(Object.fromEntries(query));
  // Where the browser does not let a page close its window.
  document.getElementById('root')!.textContent = 'You can close this window. Sie können dieses Fenster schließen.';
  window.close();
  return true;
}

/** Opens the issuer's window; throws with the issuer's words when they refuse. */
export async function signInAtIssuer(entra: Entra): Promise<{ token: string; refresh?: string }> {
  mode = entra;
  const issuer = await discover(entra);
  const [state, verifier] = [nonce(), nonce()];
  const challenge = encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
  const address = new URL(issuer.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: entra.clientId, response_type: 'code', redirect_uri: redirect(), scope: `openid offline_access ${entra.scope}`,
    state, code_challenge: challenge, code_challenge_method: 'S256',
  }).toString();
  const back = codeFor(state);
  if (window.open(address, 'clm-sign-in', 'popup,width=520,height=680') === null) throw new Error('popup');
  return redeem(issuer, { grant_type: 'authorization_code', code: await back, code_verifier: verifier, redirect_uri: redirect() });
}

/** Fresh credentials by the refresh token; null when there is none or it has ended as well. */
export async function refreshed(credentials: Credentials): Promise<Credentials | null> {
  if (mode === null || credentials.refresh === undefined) return null;
  try {
    return { ...credentials, ...(await redeem(await discover(mode), { grant_type: 'refresh_token', refresh_token: credentials.refresh, scope: mode.scope })) };
  } catch {
    // The reason does not matter: the dialog asks the person instead.
    return null;
  }
}

/** Remembers where tokens come from, for a page that was loaded again with a session in it. */
export function rememberIssuer(entra: Entra): void {
  mode = entra;
}

async function discover(entra: Entra): Promise<Issuer> {
  const answer = await fetch(`${entra.authority}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`${entra.authority}: HTTP ${answer.status}`);
  return (await answer.json()) as Issuer;
}

function codeFor(state: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const back = new BroadcastChannel(channel);
    back.onmessage = ({ data }: MessageEvent<Record<string, string>>) => {
      if (data['state'] !== state) return;
      back.close();
      if (data['code'] !== undefined) resolve(data['code']);
      else reject(new Error(data['error_description'] ?? data['error']));
    };
  });
}

async function redeem(issuer: Issuer, form: Record<string, string>): Promise<{ token: string; refresh?: string }> {
  const answer = await fetch(issuer.token_endpoint, { method: 'POST', body: new URLSearchParams({ client_id: mode!.clientId, ...form }) });
  const body = (await answer.json()) as Tokens & { error_description?: string };
  if (!answer.ok) throw new Error(body.error_description ?? `HTTP ${answer.status}`);
  return { token: body.access_token, ...(body.refresh_token === undefined ? {} : { refresh: body.refresh_token }) };
}
