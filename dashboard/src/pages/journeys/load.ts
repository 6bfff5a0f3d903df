import { applyEdits, format } from 'jsonc-parser';
import { Failure, ask, failureOf, send } from '../../api/client';
import { pathOf, type DocumentRecord } from '../documents/api';
import { set } from '../documents/edit';

/** A text and the state of the document that it was begun on. The page of documents keeps its drafts so, too: it is one draft. */
export interface Work {
  readonly text: string;
  /** Digest of the version that is written further; null where the work begins a new version. */
  readonly base: string | null;
}

export interface Begun extends Work {
  readonly record: DocumentRecord | null;
}

const collection = 'journeys';

/** The text as the server has it, laid out for reading: no value is spelt anew. */
async function textOf(path: string, signal?: AbortSignal): Promise<string> {
  const answer = await send(new Request(new URL(path, location.origin), signal === undefined ? {} : { signal }));
  const text = await answer.text();
  if (!answer.ok) throw failureOf(answer.status, JSON.parse(text));
  return applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' }));
}

const skeleton = (id: string) => `{
  "id": ${JSON.stringify(id)}, "version": 1,
  "stage": "activate", "sector": "bank", "purpose": "service",
  "entry": { "call": true },
  "start": "end",
  "nodes": {
    "end": { "end": "completed" }
  }
}`;

/** Where the next change begins: at the draft that is open, behind the version that is approved, at the shipped journey, or at the least there can be. */
export async function begin(id: string, signal?: AbortSignal): Promise<Begun> {
  try {
    const record = await ask<DocumentRecord>(`${pathOf(collection, id)}/history`, signal === undefined ? {} : { signal });
    const last = record.versions.at(-1)!;
    const text = await textOf(`${pathOf(collection, id)}?version=${last.version}`, signal);
    return last.status === 'Approved' ? { record, text: set(text, ['version'], last.version + 1), base: null } : { record, text, base: last.digest };
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.status !== 404) throw failure;
  }
  const shipped = await textOf(`/api/catalogue/journeys/${encodeURIComponent(id)}`, signal).catch((failure: unknown) => {
    if (failure instanceof Failure && failure.status === 404) return skeleton(id);
    throw failure;
  });
  return { record: null, text: shipped, base: null };
}
