import { useDeferredValue, useMemo, useState } from 'react';
import { DataTable } from '../../../components/DataTable';
import { useUrlState } from '../../../components/useUrlState';
import { useFormat } from '../../../i18n/format';
import type { Finding } from '../api';
import { partsOf } from '../edit';
import { ActionPanel } from './ActionPanel';
import { amounts, readStrategy, rules, type Strategy as Reading } from './strategy';
import { Tree } from './Tree';
import './strategy.css';
import { useWords } from './words';

/** A strategy's actions as a table, in a form and as a tree. The text is the model: the others read it and edit it at a path. */
export default function Strategy({ text, change, findings }: { readonly text: string; readonly change: (text: string) => void; readonly findings: readonly Finding[] }) {
  const [t, format] = [useWords(), useFormat()];
  const [selected, select] = useUrlState('action');
  const [customerId, setCustomerId] = useUrlState('sample');
  // Half a text shows what the last whole one had.
  const [whole, setWhole] = useState<{ readonly text: string; readonly strategy: Reading | null; readonly isNow: boolean }>({ text: '', strategy: null, isNow: true });
  if (whole.text !== text) {
    const strategy = readStrategy(text);
    setWhole({ text, strategy: strategy ?? whole.strategy, isNow: strategy !== null });
  }
  // Typing comes first; the table and the tree follow when there is time.
  const strategy = useDeferredValue(whole.strategy);
  const byAction = useMemo(() => {
    const found = new Map<number, Finding[]>();
    for (const finding of findings) {
      const [first, place] = partsOf(finding.path);
      if (first === 'actions' && typeof place === 'number') found.set(place, [...(found.get(place) ?? []), finding]);
    }
    return found;
  }, [findings]);
  if (strategy === null) return null;
  const action = whole.strategy?.actions.find((each) => each.id === selected && selected !== '');
  return (
    <>
      {!whole.isNow && <p className="warn" role="status">{t.notJson}</p>}
      <DataTable name="actions" caption={t.actions} height={20} rows={strategy.actions} id={(row) => `${row.place}`} empty={t.none} columns={[
        { key: 'id', title: t.id, value: (row) => row.id, show: (row) => <button type="button" className="link" aria-label={t.edit(row.id)} aria-expanded={row.place === action?.place} onClick={() => select(row.id)}>{row.id}</button> },
        { key: 'findings', title: t.findings, value: (row) => byAction.get(row.place)?.length ?? 0, show: (row) => <Count findings={byAction.get(row.place) ?? []} />, numeric: true },
        { key: 'kind', title: t.kind, value: (row) => row.kind },
        { key: 'stage', title: t.stage, value: (row) => row.stage },
        { key: 'channels', title: t.channels, value: (row) => row.channels.join(', ') },
        { key: 'prior', title: t.prior, value: (row) => row.prior, show: (row) => (row.prior === null ? '' : format.percent(row.prior)), numeric: true },
        ...amounts.map((name) => ({ key: name, title: t[name], value: (row: Reading['actions'][number]) => row.amounts[name], show: (row: Reading['actions'][number]) => <code title={row.amounts[name]}>{row.amounts[name]}</code> })),
        ...rules.map((name) => ({ key: name, title: t[name], value: (row: Reading['actions'][number]) => row.rules[name], show: (row: Reading['actions'][number]) => <code title={row.rules[name]}>{row.rules[name]}</code> })),
      ]} />
      <SampleCustomer key={customerId} customerId={customerId} choose={setCustomerId} />
      <div className="split strategy">
        {action !== undefined && whole.isNow && <ActionPanel key={selected} action={action} text={text} change={change} findings={byAction.get(action.place) ?? []} customerId={customerId} close={() => select('')} />}
        <Tree strategy={strategy} selected={selected} customerId={customerId} />
      </div>
    </>
  );
}

function Count({ findings }: { readonly findings: readonly Finding[] }) {
  return findings.length === 0 ? null : <span className={findings.some((each) => !each.isWarning) ? 'badge bad' : 'badge warn'}>{findings.length}</span>;
}

/** A customer is taken when the id is whole: half of one is nobody. */
function SampleCustomer({ customerId, choose }: { readonly customerId: string; readonly choose: (customerId: string) => void }) {
  const t = useWords();
  const [typed, setTyped] = useState(customerId);
  return (
    <form className="row" onSubmit={(event) => {
      event.preventDefault();
      choose(typed.trim());
    }}>
      <label>{t.sample} <input value={typed} title={t.sampleHint} onChange={(event) => setTyped(event.target.value)} /></label>
      <button type="submit">{t.look}</button>
    </form>
  );
}
