import { useRef, useState } from 'react';
import { api, dataOf } from '../../api/client';
import type { paths } from '../../api/schema';
import { ActionButton } from '../../components/ActionButton';
import { DataTable } from '../../components/DataTable';
import { Failed, Loading } from '../../components/States';
import { useFormat } from '../../i18n/format';
import { useWords } from './words';

type Operation = paths['/documents/journeys/{id}/dry-run']['post'];
export type DryRunResult = Operation['responses'][200]['content']['application/json'];
type Asked = Operation['requestBody']['content']['application/json'];
type Forecast = DryRunResult['draft'];

/** What would come of the text, against the version in force. */
export function DryRun({ id, text, disabled, result, show }: { readonly id: string; readonly text: string; readonly disabled: boolean; readonly result: DryRunResult | null; readonly show: (result: DryRunResult | null) => void }) {
  const t = useWords();
  const [segment, setSegment] = useState<'simulated' | 'sample'>('simulated');
  const [customers, setCustomers] = useState(200);
  const [days, setDays] = useState(90);
  const [seed, setSeed] = useState(1);
  const [everyone, setEveryone] = useState(true);
  const [assume, setAssume] = useState('');
  const [state, setState] = useState<{ readonly failure?: unknown; readonly isBusy?: boolean }>({});
  const running = useRef<AbortController | null>(null);
  const run = () => {
    const over = new AbortController();
    running.current = over;
    setState({ isBusy: true });
    Promise.resolve().then(() => {
      const body: Asked = { document: JSON.parse(text) as Record<string, never>, segment, customers, days, seed, everyone, ...(assume.trim() === '' ? {} : { assume: JSON.parse(assume) as NonNullable<Asked['assume']> }) };
      return dataOf(api.POST('/documents/journeys/{id}/dry-run', { params: { path: { id } }, body, signal: over.signal }));
    }).then((found) => {
      show(found);
      setState({});
    }, (failure: unknown) => setState(over.signal.aborted ? {} : { failure }));
  };
  const number = (label: string, value: number, set: (value: number) => void, min: number, max: number) => (
    <label>{label} <input type="number" min={min} max={max} value={value} onChange={(event) => set(event.target.valueAsNumber || 0)} /></label>
  );
  return (
    <section className="panel" aria-label={t.dryRun}>
      <h2>{t.dryRun}</h2>
      <p className="hint">{t.dryRunHint}</p>
      <div className="row">
        <label>{t.segment} <select value={segment} onChange={(event) => setSegment(event.target.value as typeof segment)}><option value="simulated">{t.simulated}</option><option value="sample">{t.sample}</option></select></label>
        {number(t.count, customers, setCustomers, 1, 1000)}{number(t.length_, days, setDays, 1, 730)}{number(t.seed, seed, setSeed, 0, 2_147_483_647)}
        <label><input type="checkbox" checked={everyone} onChange={(event) => setEveryone(event.target.checked)} /> {t.everyone}</label>
        <ActionButton operation="DryRunJourney" primary disabled={disabled || state.isBusy === true} onClick={run}>{t.run}</ActionButton>
        {state.isBusy === true && <button type="button" onClick={() => running.current?.abort()}>{t.cancel}</button>}
      </div>
      <details><summary>{t.assume}</summary><textarea className="code" rows={5} spellCheck={false} aria-label={t.assume} value={assume} placeholder='{ "signals": { "card_activated": { "per30Days": 1, "afterContact": 0.2 } } }' onChange={(event) => setAssume(event.target.value)} /></details>
      {state.isBusy === true && <Loading />}
      {state.failure !== undefined && <Failed failure={state.failure} retry={run} />}
      {result !== null && <Result result={result} />}
    </section>
  );
}

function Result({ result: { draft, inForce, structure, examples, assumed } }: { readonly result: DryRunResult }) {
  const [t, format] = [useWords(), useFormat()];
  const inDays = (hours: number | undefined) => (hours === undefined ? null : Math.round((hours / 24) * 10) / 10);
  const rows = [
    ...measure(t.looked, (each) => each.looked), ...measure(t.entered, (each) => each.entered), ...measure(t.stillIn, (each) => each.running), ...measure(t.goals, (each) => each.goals),
    ...measure(`${t.conversion}, %`, (each) => (each.conversion === null ? null : Math.round(each.conversion * 1000) / 10)), ...measure(t.median, (each) => inDays(each.timeToGoal?.median)),
    ...measure(t.nineTenths, (each) => inDays(each.timeToGoal?.nineTenths)), ...measure(t.value, (each) => each.value),
    ...named((each) => each.ended, t.ended), ...named((each) => each.messages, t.sent), ...named((each) => each.refused, t.refused),
  ];
  function measure(name: string, of: (forecast: Forecast) => number | null) {
    return [{ name, now: of(draft), then: inForce === null ? null : of(inForce) }];
  }
  function named(of: (forecast: Forecast) => Readonly<Record<string, number>>, say: (name: string) => string) {
    const names = [...new Set([...Object.keys(of(draft)), ...Object.keys(inForce === null ? {} : of(inForce))])].sort();
    return names.flatMap((name) => measure(say(name), (each) => of(each)[name] ?? 0));
  }
  const shown = (value: number | null) => (value === null ? '–' : format.number(value));
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0);
  const then = new Map(inForce?.nodes.map((node) => [node.node, node]));
  return (
    <>
      {draft.entered === 0 && <p className="warn" role="status">{t.nobody}</p>}
      {structure !== null && (
        <p><strong>{t.structure}:</strong>{' '}
          {[...structure.added.map((name) => `${name} (${t.added})`), ...structure.removed.map((name) => `${name} (${t.removed})`), ...structure.changed.map((name) => `${name} (${t.changed})`)].join(', ') || t.same}
        </p>
      )}
      <div className="split">
        <DataTable name="dry-run" caption={t.inAll} rows={rows} id={(row) => row.name} columns={[
          { key: 'measure', title: t.measure, value: (row) => row.name },
          { key: 'draft', title: t.draft, value: (row) => row.now, show: (row) => shown(row.now), numeric: true },
          { key: 'inForce', title: t.inForce, value: (row) => row.then, show: (row) => shown(row.then), numeric: true },
          { key: 'difference', title: t.difference, value: (row) => (row.now === null || row.then === null ? null : row.now - row.then), show: (row) => shown(row.now === null || row.then === null ? null : row.now - row.then), numeric: true },
        ]} />
        <DataTable name="dry-run-nodes" caption={t.byNode} rows={draft.nodes} id={(row) => row.node} columns={[
          { key: 'node', title: t.node, value: (row) => row.node },
          { key: 'entries', title: t.entries, value: (row) => row.entries, numeric: true },
          { key: 'entriesThen', title: t.entriesThen, value: (row) => then.get(row.node)?.entries ?? null, show: (row) => shown(then.get(row.node)?.entries ?? null), numeric: true },
          { key: 'converted', title: t.converted, value: (row) => row.converted, numeric: true },
          { key: 'convertedThen', title: t.convertedThen, value: (row) => then.get(row.node)?.converted ?? null, show: (row) => shown(then.get(row.node)?.converted ?? null), numeric: true },
          { key: 'dropped', title: t.dropped, value: (row) => row.dropped, numeric: true },
          { key: 'messages', title: t.messages, value: (row) => sum(row.messages), numeric: true },
          { key: 'putOff', title: t.putOff, value: (row) => row.putOff, numeric: true },
          { key: 'refused', title: t.refusals, value: (row) => sum(row.refused), show: (row) => Object.entries(row.refused).map(([code, count]) => `${code} ${count}`).join(', ') },
        ]} />
      </div>
      <DataTable name="dry-run-examples" caption={t.examples} rows={examples} id={(row) => row.customerId} columns={[
        { key: 'customer', title: t.customer, value: (row) => row.customerId },
        { key: 'path', title: t.path, value: (row) => row.path.join(' → '), show: (row) => <span title={row.path.join(' → ')}>{row.path.join(' → ')}</span> },
        { key: 'messages', title: t.messages, value: (row) => row.messages.join(', ') },
        { key: 'end', title: t.end, value: (row) => row.end ?? t.stillIn },
      ]} />
      <details><summary>{t.assumed}</summary><pre>{JSON.stringify(assumed, null, 2)}</pre></details>
    </>
  );
}
