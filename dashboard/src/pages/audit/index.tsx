import { useState } from 'react';
import { Link } from 'react-router';
import { ask } from '../../api/client';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { download } from '../../components/csv';
import { Failed, Loading } from '../../components/States';
import { useUrlState } from '../../components/useUrlState';
import { catalogue } from '../../i18n/catalogue';
import { useFormat } from '../../i18n/format';

const useText = catalogue(
  {
    title: 'Audit', intro: 'Every change of a customer’s profile, consents, decisions, contacts and agreements is an entry of a chain of hashes. Verification finds entries that were altered, removed or put in another order; replay makes decisions again from their records.',
    customer: 'Customer id (empty: all)', verify: 'Verify', replay: 'Replay decisions', save: 'Save the report', whole: 'Whole: no entry was altered, removed or reordered.', broken: 'Broken: look at the findings.',
    same: (n: string) => `All ${n} decisions came out the same.`, other: (n: string) => `${n} decisions came out otherwise or could not be made again.`, customers: 'customers', entries: 'entries', erased: 'erased', unanchored: 'not anchored yet', anchors: 'anchors', lastAnchor: 'last anchor', decision: 'Decision',
    findings: 'Findings', chain: 'Chain', sequence: 'No.', fault: 'Fault', detail: 'Detail', none: 'Nothing was found.', openTrail: 'Entries and export of this customer', never: 'never',
  },
  {
    title: 'Prüfung', intro: 'Jede Änderung an Profil, Einwilligungen, Entscheidungen, Kontakten und Vereinbarungen eines Kunden ist ein Glied einer Kette von Prüfsummen. Die Verifikation findet, was verändert, entfernt oder umgestellt wurde; die Wiederholung trifft Entscheidungen aus ihren Aufzeichnungen neu.',
    customer: 'Kundennummer (leer: alle)', verify: 'Verifizieren', replay: 'Entscheidungen wiederholen', save: 'Bericht sichern', whole: 'Vollständig: Nichts wurde verändert, entfernt oder umgestellt.', broken: 'Gebrochen: Sehen Sie die Befunde an.',
    same: (n) => `Alle ${n} Entscheidungen kamen gleich heraus.`, other: (n) => `${n} Entscheidungen kamen anders heraus oder ließen sich nicht wiederholen.`, customers: 'Kunden', entries: 'Einträge', erased: 'gelöscht', unanchored: 'noch nicht verankert', anchors: 'Anker', lastAnchor: 'letzter Anker', decision: 'Entscheidung',
    findings: 'Befunde', chain: 'Kette', sequence: 'Nr.', fault: 'Fehler', detail: 'Einzelheiten', none: 'Nichts wurde gefunden.', openTrail: 'Einträge und Export dieses Kunden', never: 'nie',
  },
);

interface Report {
  readonly intact: boolean;
  readonly customers: number;
  readonly erased: number;
  readonly entries: number;
  readonly unanchored: number;
  readonly anchors: number;
  readonly lastAnchorAt: string | null;
  readonly findings: readonly { readonly chain: string; readonly sequence: number; readonly fault: string; readonly detail: string }[];
}

interface Replays {
  readonly identical: boolean;
  readonly customers: number;
  readonly decisions: number;
  readonly different: readonly { readonly decisionId: string; readonly reason?: string; readonly differences: unknown }[];
}

type Result = { readonly kind: 'verify'; readonly report: Report } | { readonly kind: 'replay'; readonly report: Replays };

export default function AuditPage() {
  const t = useText();
  const [customer, setCustomer] = useUrlState('customer');
  const [result, setResult] = useState<Result | null>(null);
  const [state, setState] = useState<unknown>(null);
  const run = (kind: Result['kind']) => {
    setState('busy');
    const body = customer.trim() === '' ? {} : { customers: [customer.trim()] };
    ask(kind === 'verify' ? '/api/audit/verification' : '/api/audit/replay', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
      .then((report) => {
        setResult({ kind, report } as Result);
        setState(null);
      }, setState);
  };
  return (
    <>
      <h1>{t.title}</h1>
      <p className="hint">{t.intro}</p>
      <div className="row">
        <label>{t.customer} <input type="search" value={customer} maxLength={128} onChange={(event) => setCustomer(event.target.value)} /></label>
        <ActionButton operation="VerifyAudit" primary disabled={state === 'busy'} onClick={() => run('verify')}>{t.verify}</ActionButton>
        <ActionButton operation="ReplayDecisions" disabled={state === 'busy'} onClick={() => run('replay')}>{t.replay}</ActionButton>
        {result !== null && <button type="button" onClick={() => download(`audit-${result.kind}.json`, JSON.stringify(result.report, null, 2), 'application/json')}>{t.save}</button>}
        {customer.trim() !== '' && <Link to={`/customers/${encodeURIComponent(customer.trim())}?part=trail`}>{t.openTrail}</Link>}
      </div>
      {state === 'busy' ? <Loading /> : state !== null ? <Failed failure={state} /> : null}
      {result?.kind === 'verify' && <Verified report={result.report} />}
      {result?.kind === 'replay' && <Replayed report={result.report} />}
    </>
  );
}

function Verified({ report }: { readonly report: Report }) {
  const [t, format] = [useText(), useFormat()];
  const cards: [string, string][] = [
    [t.customers, format.whole(report.customers)], [t.entries, format.whole(report.entries)], [t.erased, format.whole(report.erased)],
    [t.unanchored, format.whole(report.unanchored)], [t.anchors, format.whole(report.anchors)], [t.lastAnchor, report.lastAnchorAt === null ? t.never : format.time(report.lastAnchorAt)],
  ];
  return (
    <>
      <p role="status" className={report.intact ? 'done' : 'state failed'}>{report.intact ? t.whole : t.broken}</p>
      <div className="cards">{cards.map(([name, figure]) => <div key={name} className="card"><div className="figure">{figure}</div><div className="name">{name}</div></div>)}</div>
      <DataTable name="findings" caption={t.findings} rows={report.findings} id={(_, index) => `${index}`} empty={t.none} columns={[
        { key: 'chain', title: t.chain, value: (row) => row.chain },
        { key: 'sequence', title: t.sequence, value: (row) => row.sequence, numeric: true },
        { key: 'fault', title: t.fault, value: (row) => row.fault },
        { key: 'detail', title: t.detail, value: (row) => row.detail },
      ]} />
    </>
  );
}

function Replayed({ report }: { readonly report: Replays }) {
  const [t, format] = [useText(), useFormat()];
  return (
    <>
      <p role="status" className={report.identical ? 'done' : 'state failed'}>{report.identical ? t.same(format.whole(report.decisions)) : t.other(format.whole(report.different.length))}</p>
      <DataTable name="different" caption={t.findings} rows={report.different} id={(row) => row.decisionId} empty={t.none} columns={[
        { key: 'decision', title: t.decision, value: (row) => row.decisionId },
        { key: 'detail', title: t.detail, value: (row) => row.reason ?? JSON.stringify(row.differences) },
      ]} />
    </>
  );
}
