import { useCallback, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, dataOf } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { stages, useStageNames, type Stage } from '../../i18n/stages';
import { useText } from './text';

/** The most that one look brings; who wants another customer types more of the id. */
const size = 1000;

export function Search() {
  const [t, format, names] = [useText(), useFormat(), useStageNames()];
  const navigate = useNavigate();
  const [stage, setStage] = useUrlState('stage');
  const [prefix, setPrefix] = useUrlState('prefix');
  const found = useLive(useCallback((signal: AbortSignal) => dataOf(api.GET('/customers', {
    params: { query: { size, ...(isStage(stage) ? { stage } : {}), ...(/^[\w.~:@-]{1,128}$/.test(prefix) ? { prefix } : {}) } }, signal,
  })), [stage, prefix]), 15_000);
  const open = (event: FormEvent) => {
    event.preventDefault();
    if (prefix.trim() !== '') void navigate(`/customers/${encodeURIComponent(prefix.trim())}`);
  };
  return (
    <>
      <h1>{t.title}</h1>
      <form className="row" role="search" onSubmit={open}>
        <label>{t.prefix} <input type="search" value={prefix} maxLength={128} onChange={(event) => setPrefix(event.target.value)} /></label>
        <label>{t.stage}{' '}
          <select value={stage} onChange={(event) => setStage(event.target.value)}>
            <option value="">{t.all}</option>
            {stages.map((each) => <option key={each} value={each}>{names[each]}</option>)}
          </select>
        </label>
        <button type="submit" disabled={prefix.trim() === ''}>{t.open}</button>
      </form>
      <LiveView live={found}>
        {({ customers, after }) => (
          <>
            <DataTable name="customers" caption={t.found} rows={customers} id={(row) => row.customerId} empty={t.none} columns={[
              { key: 'id', title: t.customer, value: (row) => row.customerId, show: (row) => <Link to={`/customers/${encodeURIComponent(row.customerId)}`}>{row.customerId}</Link> },
              { key: 'stage', title: t.stage, value: (row) => names[row.stage] },
              { key: 'since', title: t.since, value: (row) => row.since, show: (row) => format.time(row.since) },
            ]} />
            {after !== null && <p className="hint">{t.more}</p>}
          </>
        )}
      </LiveView>
    </>
  );
}

const isStage = (text: string): text is Stage => (stages as readonly string[]).includes(text);
