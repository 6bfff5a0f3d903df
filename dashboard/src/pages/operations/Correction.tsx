import { useCallback, useId, useState } from 'react';
import { api, ask, dataOf } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { LiveView } from '../../components/LiveView';
import { Failed } from '../../components/States';
import { useDraft } from '../../components/useDraft';
import { useLive } from '../../components/useLive';
import { useText } from './text';

type Hub = 'transactions' | 'events';

/** One event that was set aside: corrected as text and sent again. What is typed is kept until it is sent. */
export function Correction({ hub, id, sent, close }: { readonly hub: Hub; readonly id: string; readonly sent: () => void; readonly close: () => void }) {
  const t = useText();
  const letter = useLive(useCallback((signal: AbortSignal) => dataOf(api.GET('/dead-letters/{hub}/{id}', { params: { path: { hub, id } }, signal })), [hub, id]), 0);
  return (
    <section className="panel" aria-label={t.editor(id)}>
      <div className="row">
        <h2>{t.editor(id)}</h2>
        <span className="grow" />
        <button type="button" onClick={close}>{t.close}</button>
      </div>
      <LiveView live={letter}>
        {(found) => (
          <>
            <p><code>{found.field}</code>: {found.reason}</p>
            <Editor hub={hub} id={id} came={found.body ?? ''} isSent={found.resentAt != null} sent={() => {
              letter.refresh();
              sent();
            }} />
          </>
        )}
      </LiveView>
    </section>
  );
}

function Editor({ hub, id, came, isSent, sent }: { readonly hub: Hub; readonly id: string; readonly came: string; readonly isSent: boolean; readonly sent: () => void }) {
  const t = useText();
  const [draft, type, drop] = useDraft(`dead-letters/${hub}/${id}`);
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isDone?: boolean; readonly isBusy?: boolean }>({});
  const [label, hint] = [useId(), useId()];
  const text = draft ?? came;
  const wrong = faultOf(text);
  const send = () => {
    setState({ isBusy: true });
    ask(`/api/dead-letters/${hub}/${encodeURIComponent(id)}/resend`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text }).then(() => {
      drop();
      setState({ isDone: true });
      sent();
    }, (failure: unknown) => setState({ failure }));
  };
  return (
    <>
      <label htmlFor={label}>{t.body}</label>
      <textarea id={label} className="code" rows={12} spellCheck={false} readOnly={isSent} value={text} aria-invalid={wrong !== null} aria-describedby={hint} onChange={(event) => type(event.target.value)} />
      <p id={hint} className={wrong === null ? 'hint' : 'warn'}>{wrong === null ? t.isJson : t.notJson(wrong)} {draft !== null && t.kept}</p>
      {state.failure !== undefined && <Failed failure={state.failure} />}
      {(state.isDone === true || isSent) && <p role="status" className="done">{t.sent}</p>}
      {!isSent && (
        <div className="row">
          <ActionButton operation="ResendDeadLetter" primary onClick={send} disabled={state.isBusy === true || wrong !== null}>{t.resend}</ActionButton>
          {draft !== null && <button type="button" onClick={drop}>{t.restore}</button>}
        </div>
      )}
    </>
  );
}

function faultOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (wrong) {
    return (wrong as SyntaxError).message;
  }
}
