import { lazy, Suspense, useId, useState } from 'react';
import { Failure, ask } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { Failed, Loading } from '../../components/States';
import { useDraft } from '../../components/useDraft';
import { findingsOf, jsonBody, pathOf, askTagged, type DocumentRecord } from './api';
import { Conflict } from './Conflict';
import { Findings } from './Findings';
import type { Known } from './DocumentView';
import { useText } from './text';
import { useCheck } from './useCheck';

const Strategy = lazy(() => import('./strategy/Strategy'));

/** A text and the state of the document that it was begun on: what is saved must still be that. */
interface Work {
  readonly text: string;
  /** Digest of the version that is written further; null where the work begins a new version. */
  readonly base: string | null;
}

export function Editor({ collection, id, known, changed }: { readonly collection: string; readonly id: string; readonly known: Known; readonly changed: () => void }) {
  const t = useText();
  const [kept, keep, drop] = useDraft(`documents/${collection}/${id}`);
  const begun = beginOf(known);
  const work: Work = kept === null ? begun : (JSON.parse(kept) as Work);
  const [why, setWhy] = useState('');
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isSaved?: boolean; readonly isBusy?: boolean; readonly theirs?: Work }>({});
  const check = useCheck(collection, id, work.text);
  const field = useId();

  const write = (text: string) => keep(JSON.stringify({ text, base: work.base } satisfies Work));
  const save = (base: string | null) => {
    setState({ isBusy: true });
    askTagged<DocumentRecord>(`${pathOf(collection, id)}${why.trim() === '' ? '' : `?why=${encodeURIComponent(why.trim())}`}`, jsonBody('PUT', work.text, base === null ? null : `"${base}"`)).then(() => {
      drop();
      setState({ isSaved: true });
      changed();
    }, async (failure: unknown) => {
      // Somebody was faster: both versions are shown, and the person decides.
      if (failure instanceof Failure && (failure.status === 412 || failure.status === 409 || failure.status === 428)) {
        const theirs = await lastOf(collection, id).catch(() => null);
        if (theirs !== null && theirs.base !== null && theirs.base !== base) return setState({ theirs });
      }
      setState({ failure });
    });
  };
  return (
    <>
      <p className="hint">{t.newDraft(versionOf(work.text) ?? 1)} {kept !== null && t.kept}</p>
      {state.theirs !== undefined && (
        <Conflict mine={work.text} theirs={state.theirs.text} take={() => {
          drop();
          setState({});
          changed();
        }} insist={() => save(state.theirs!.base)} />
      )}
      {collection === 'strategies' && <Suspense fallback={<Loading />}><Strategy text={work.text} change={write} findings={check.findings ?? []} /></Suspense>}
      <div className="split">
        <div>
          <label htmlFor={field}>{t.text}</label>
          <textarea id={field} className="code" rows={28} spellCheck={false} value={work.text} aria-invalid={check.wrong !== null} onChange={(event) => write(event.target.value)} />
        </div>
        <div>
          <div className="row">
            <label>{t.why} <input value={why} maxLength={1000} onChange={(event) => setWhy(event.target.value)} /></label>
            <ActionButton operation="PutDocument" primary disabled={state.isBusy === true || check.wrong !== null || kept === null} onClick={() => save(work.base)}>{t.save}</ActionButton>
            {kept !== null && <button type="button" onClick={drop}>{t.discard}</button>}
          </div>
          {state.isSaved === true && kept === null && <p role="status" className="done">{t.saved}</p>}
          {state.failure !== undefined && <Failed failure={state.failure} />}
          {check.wrong !== null ? <p className="warn">{t.notJson(check.wrong)}</p>
            : check.failure !== null ? <Failed failure={check.failure} />
            : check.findings === null ? <Loading />
            : <Findings findings={check.findings} />}
          {state.failure !== undefined && findingsOf(state.failure).length > 0 && <Findings findings={findingsOf(state.failure)} />}
        </div>
      </div>
    </>
  );
}

function versionOf(text: string): number | null {
  try {
    const { version } = JSON.parse(text) as { readonly version?: unknown };
    return typeof version === 'number' ? version : null;
  } catch {
    // Half typed: there is no number to show.
    return null;
  }
}

/** A version that is not approved goes on as it is; behind one that is, a new one begins. */
function beginOf({ record, text }: Known): Work {
  const last = record?.versions.at(-1);
  if (last === undefined) return { text, base: null };
  if (last.status !== 'Approved') return { text, base: last.digest };
  const content = JSON.parse(text) as Record<string, unknown>;
  return { text: JSON.stringify({ ...content, version: last.version + 1 }, null, 2), base: null };
}

async function lastOf(collection: string, id: string): Promise<Work> {
  const record = await ask<DocumentRecord>(`${pathOf(collection, id)}/history`);
  const last = record.versions.at(-1)!;
  const content = await ask<unknown>(`${pathOf(collection, id)}?version=${last.version}`);
  return { text: JSON.stringify(content, null, 2), base: last.status === 'Approved' ? null : last.digest };
}
