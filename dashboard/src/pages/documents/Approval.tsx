import { useCallback, useState } from 'react';
import { ActionButton } from '../../components/ActionButton';
import { LiveView } from '../../components/LiveView';
import { Failed, Nothing } from '../../components/States';
import { useLive } from '../../components/useLive';
import { askTagged, jsonBody, pathOf, type DocumentRecord } from './api';
import { Changes, type Difference } from './Changes';
import { useText } from './text';

/** What the last version changes, and the step that is open on it. What is approved is what was looked at: the digest goes with the step. */
export function Approval({ collection, id, record, changed }: { readonly collection: string; readonly id: string; readonly record: DocumentRecord | null; readonly changed: () => void }) {
  const t = useText();
  const last = record?.versions.at(-1);
  const digest = last?.digest;
  const live = useLive(useCallback((signal: AbortSignal) => {
    // Another digest, another question.
    void digest;
    return askTagged<Difference>(`${pathOf(collection, id)}/difference`, { signal });
  }, [collection, id, digest]), 0);
  if (last === undefined) return <Nothing>{t.none}</Nothing>;
  return (
    <LiveView live={live}>
      {({ body, tag }) => (
        <>
          <Steps collection={collection} id={id} version={last.version} status={last.status} tag={tag} changed={changed} />
          <Changes difference={body} />
        </>
      )}
    </LiveView>
  );
}

function Steps({ collection, id, version, status, tag, changed }: {
  readonly collection: string; readonly id: string; readonly version: number; readonly status: string; readonly tag: string | null; readonly changed: () => void;
}) {
  const t = useText();
  const [why, setWhy] = useState('');
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isDone?: boolean; readonly isBusy?: boolean }>({});
  const step = (name: 'submission' | 'approval', body: Record<string, unknown>) => {
    setState({ isBusy: true });
    askTagged(`${pathOf(collection, id)}/${name}`, jsonBody('POST', JSON.stringify({ version, ...(why.trim() === '' ? {} : { why: why.trim() }), ...body }), tag)).then(() => {
      setState({ isDone: true });
      setWhy('');
      changed();
    }, (failure: unknown) => setState({ failure }));
  };
  const isBusy = state.isBusy === true;
  return (
    <div className="panel">
      <p><span className={status === 'Submitted' ? 'badge warn' : status === 'Approved' ? 'badge good' : 'badge'}>{status}</span> {t.version} {version}</p>
      {status === 'Draft' || status === 'Submitted' ? (
        <div className="row">
          <label>{t.why} <input value={why} maxLength={1000} onChange={(event) => setWhy(event.target.value)} /></label>
          {status === 'Draft'
            ? <ActionButton operation="SubmitDocument" primary disabled={isBusy} onClick={() => step('submission', {})}>{t.submit}</ActionButton>
            : <>
                <ActionButton operation="ApproveDocument" primary disabled={isBusy} onClick={() => step('approval', { approve: true })}>{t.approve}</ActionButton>
                <ActionButton operation="ApproveDocument" disabled={isBusy} onClick={() => step('approval', { approve: false })}>{t.reject}</ActionButton>
              </>}
        </div>
      ) : <p className="hint">{t.noStep}</p>}
      <p className="hint">{t.fourEyes}</p>
      {state.isDone === true && <p role="status" className="done">{t.done}</p>}
      {state.failure !== undefined && <Failed failure={state.failure} />}
    </div>
  );
}
