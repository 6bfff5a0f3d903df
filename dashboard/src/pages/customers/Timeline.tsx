import { useMemo } from 'react';
import { DataTable } from '../../components/DataTable';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { useText } from './text';
import { happenings, kinds, type Kind } from './happenings';
import type { Customer, Message } from './types';

/** Everything that happened, newest first. */
export function Timeline({ customer, messages, decision, openDecision }: {
  readonly customer: Customer;
  readonly messages: readonly Message[];
  readonly decision: string;
  readonly openDecision: (id: string) => void;
}) {
  const [t, format] = [useText(), useFormat()];
  const [kind, setKind] = useUrlState('kind');
  const rows = useMemo(() => happenings(customer, messages).filter((row) => kind === '' || row.kind === kind), [customer, messages, kind]);
  return (
    <DataTable name="timeline" caption={t.timeline} height={34} rows={rows} id={(row, index) => `${row.at} ${index}`} empty={t.emptyTimeline}
      actions={<label>{t.kind}{' '}
        <select value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="">{t.everything}</option>
          {kinds.map((each: Kind) => <option key={each} value={each}>{t[each]}</option>)}
        </select></label>}
      columns={[
        { key: 'when', title: t.when, value: (row) => row.at, show: (row) => format.time(row.at), width: '11rem' },
        { key: 'kind', title: t.kind, value: (row) => t[row.kind], show: (row) => <span className="badge">{t[row.kind]}</span>, width: '9rem' },
        { key: 'what', title: t.what, value: (row) => row.what, width: '18rem', show: (row) => row.decision === undefined ? row.what
          : <button type="button" className="link" aria-expanded={row.decision === decision} onClick={() => openDecision(row.decision!)}>{row.what}</button> },
        { key: 'detail', title: t.detail, value: (row) => row.detail, show: (row) => <span title={row.detail}>{row.detail}</span> },
      ]} />
  );
}
