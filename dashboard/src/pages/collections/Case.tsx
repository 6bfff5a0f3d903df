import { useCallback, useState } from 'react';
import { ask } from '../../api/client';
import type { components } from '../../api/schema';
import { ActionButton } from '../../components/ActionButton';
import { LiveView } from '../../components/LiveView';
import { Failed } from '../../components/States';
import { useLive } from '../../components/useLive';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';

const useText = catalogue(
  {
    close: 'Close', situation: 'Situation', approach: 'How to go about it', avoid: 'What to avoid', reasons: 'Why', chance: (share: string) => `Chance of payment ${share}.`, mayCall: (word: string) => `The contact gate says: ${word}.`, noBrief: 'There is no brief of this case.',
    claim: 'Take the case', release: 'Give it back', complete: 'Complete', outcome: 'What came of it', note: 'Note', done: 'Done.',
  },
  {
    close: 'Schließen', situation: 'Lage', approach: 'Wie vorgehen', avoid: 'Was vermeiden', reasons: 'Warum', chance: (share) => `Aussicht auf Zahlung ${share}.`, mayCall: (word) => `Die Kontaktprüfung sagt: ${word}.`, noBrief: 'Zu diesem Fall gibt es keine Vorbereitung.',
    claim: 'Fall übernehmen', release: 'Zurückgeben', complete: 'Abschließen', outcome: 'Was daraus wurde', note: 'Notiz', done: 'Erledigt.',
  },
);

type CaseView = components['schemas']['Case'];

/** A case with the brief for the agent, and the steps on it. */
export function Case({ customerId, id, close, changed }: { readonly customerId: string; readonly id: string; readonly close: () => void; readonly changed: () => void }) {
  const t = useText();
  const path = `/api/customers/${encodeURIComponent(customerId)}/cases/${encodeURIComponent(id)}`;
  const live = useLive(useCallback((signal: AbortSignal) => ask<CaseView>(path, { signal }), [path]), 0);
  return (
    <section className="panel" aria-label={id}>
      <div className="row"><h2>{id}</h2><span className="grow" /><button type="button" onClick={close}>{t.close}</button></div>
      <LiveView live={live}>
        {(found) => (
          <>
            <Brief found={found} />
            <Steps path={path} found={found} changed={() => {
              live.refresh();
              changed();
            }} />
          </>
        )}
      </LiveView>
    </section>
  );
}

function Brief({ found }: { readonly found: CaseView }) {
  const [t, format] = [useText(), useFormat()];
  const brief = found.brief;
  if (brief == null) return <p className="hint">{t.noBrief}</p>;
  const parts: [string, readonly string[] | undefined][] = [[t.situation, brief.situation], [t.approach, brief.approach], [t.avoid, brief.avoid], [t.reasons, brief.reasons]];
  return (
    <>
      <p>{brief.chance == null ? '' : t.chance(format.percent(brief.chance))} {brief.mayCall === undefined ? '' : t.mayCall(brief.mayCall)}</p>
      <div className="split">
        {parts.filter(([, lines]) => lines !== undefined && lines.length > 0).map(([title, lines]) => (
          <div key={title}><h3>{title}</h3><ul>{lines!.map((line) => <li key={line}>{line}</li>)}</ul></div>
        ))}
      </div>
    </>
  );
}

function Steps({ path, found, changed }: { readonly path: string; readonly found: CaseView; readonly changed: () => void }) {
  const t = useText();
  const [outcome, setOutcome] = useState(found.outcomes?.[0] ?? '');
  const [note, setNote] = useState('');
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isDone?: boolean }>({});
  // The version that was looked at goes with the step: a colleague who was faster is not overruled.
  const step = (name: 'claim' | 'release' | 'completion', body: Record<string, unknown> = {}) => {
    ask(`${path}/${name}`, { method: 'POST', headers: { 'content-type': 'application/json', 'if-match': `"${found.version ?? ''}"` }, body: JSON.stringify(body) }).then(() => {
      setState({ isDone: true });
      changed();
    }, (failure: unknown) => setState({ failure }));
  };
  return (
    <>
      <div className="row">
        {found.status === 'Open' && <ActionButton operation="ClaimCase" primary onClick={() => step('claim')}>{t.claim}</ActionButton>}
        {found.status === 'Claimed' && (
          <>
            <label>{t.outcome} <select value={outcome} onChange={(event) => setOutcome(event.target.value)}>{(found.outcomes ?? []).map((each) => <option key={each}>{each}</option>)}</select></label>
            <label>{t.note} <input value={note} maxLength={4000} onChange={(event) => setNote(event.target.value)} /></label>
            <ActionButton operation="CompleteCase" primary onClick={() => step('completion', { outcome, ...(note.trim() === '' ? {} : { note: note.trim() }) })}>{t.complete}</ActionButton>
            <ActionButton operation="ClaimCase" onClick={() => step('release')}>{t.release}</ActionButton>
          </>
        )}
      </div>
      {state.isDone === true && <p role="status" className="done">{t.done}</p>}
      {state.failure !== undefined && <Failed failure={state.failure} />}
    </>
  );
}
