import { Failure, failureOf, send } from '../../api/client';
import type { components } from '../../api/schema';

export type DocumentRecord = components['schemas']['DocumentRecord'];
export type Finding = components['schemas']['Finding'];
export type Version = DocumentRecord['versions'][number];

export const collections = ['strategies', 'policies', 'journeys', 'templates', 'experiments', 'authorization-policies', 'credit-line-policies', 'collections-policies'] as const;

export interface Change {
  readonly path: string;
  readonly kind: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** An answer with its ETag: the digest that the next step must name. */
export async function askTagged<T>(path: string, init: RequestInit = {}): Promise<{ readonly body: T; readonly tag: string | null }> {
  const response = await send(new Request(new URL(path, location.origin), init));
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response.status, body);
  return { body: body as T, tag: response.headers.get('etag') };
}

export const pathOf = (collection: string, id: string) => `/api/documents/${encodeURIComponent(collection)}/${encodeURIComponent(id)}`;

export const jsonBody = (method: 'POST' | 'PUT', body: string, tag?: string | null): RequestInit => ({
  method, body, headers: { 'content-type': 'application/json', ...(tag == null ? {} : { 'if-match': tag }) },
});

/** The findings that a refusal lists, if any. */
export function findingsOf(failure: unknown): readonly Finding[] {
  const listed = failure instanceof Failure ? failure.problem['findings'] : undefined;
  return Array.isArray(listed) ? (listed as Finding[]) : [];
}
