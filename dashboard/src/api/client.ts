import createClient from 'openapi-fetch';
import type { paths } from './schema';
import { askToSignIn, headersOf, renew, sessionNow } from './session';
import { refreshed } from './entra';

/** What the server said no with, or why there was no answer. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  /** The field that is wrong, where one is named. */
  readonly field: string | null;
  /** The problem document, where there is one. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, field: string | null = null, problem: Readonly<Record<string, unknown>> = {}) {
    super(message);
    [this.status, this.field, this.problem] = [status, field, problem];
  }
}

/** Milliseconds after which a request without an answer is given up. */
const patience = 30_000;

/** Sends a request as whoever is signed in. When nobody is any more, the dialog opens and the request is sent again after it. */
export async function send(request: Request): Promise<Response> {
  for (;;) {
    const { credentials } = sessionNow();
    if (credentials === null) {
      await askToSignIn('first');
      continue;
    }

    const attempt = new Request(request.clone(), { signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]) });
    for (const [name, value] of Object.entries(headersOf(credentials))) attempt.headers.set(name, value);
    const answer = await fetch(attempt).catch((reason: unknown) => {
      if (request.signal.aborted) throw reason;
      throw new Failure(0, reason instanceof DOMException && reason.name === 'TimeoutError' ? 'timeout' : 'unreachable');
    });
    if (answer.status !== 401) return answer;
    if (sessionNow().credentials !== credentials) continue;
    const renewed = await refreshed(credentials);
    if (renewed !== null) renew(renewed);
    else await askToSignIn('expired');
  }
}

/** The product's API, typed from openapi.json. */
export const api = createClient<paths>({ baseUrl: '/api', fetch: send });

/** The data of an answer; throws `Failure` when there is none. */
export async function dataOf<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw failureOf(response.status, error);
  return data as T;
}

export function failureOf(status: number, error: unknown): Failure {
  const problem = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const text = (name: string) => (typeof problem[name] === 'string' ? problem[name] : null);
  return new Failure(status, text('detail') ?? text('title') ?? `HTTP ${status}`, text('field'), problem);
}

/** An answer of a route that openapi.json gives no type for, or of the emulator's own routes. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await send(new Request(new URL(path, location.origin), init));
  const text = await response.text();
  const body: unknown = text.length > 0 && (response.headers.get('content-type') ?? '').includes('json') ? JSON.parse(text) : text;
  if (!response.ok) throw failureOf(response.status, body);
  return body as T;
}
