import { useCallback } from 'react';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { ask } from '../../api/client';
import { pathOf, type Change, type DocumentRecord } from './api';
import { useText } from './text';

export interface Difference {
  readonly version: number;
  readonly against: number | null;
  readonly changes: readonly Change[];
}

const wordsOf = (value: unknown): string => (value === null || value === undefined ? '' : JSON.stringify(value));

/** Each place in which two versions differ. */
export function Changes({ difference }: { readonly difference: Difference }) {
  const t = useText();
  return (
    <DataTable name="changes" caption={t.changes(difference.version, difference.against === null ? t.nothing : String(difference.against))} rows={difference.changes} id={(row, index) => `${row.path} ${index}`} empty={t.noChanges} columns={[
      { key: 'kind', title: t.kind, value: (row) => row.kind, width: '7rem' },
      { key: 'path', title: t.path, value: (row) => row.path, show: (row) => <code>{row.path}</code> },
      { key: 'from', title: t.from, value: (row) => wordsOf(row.from), show: (row) => <code title={wordsOf(row.from)}>{wordsOf(row.from)}</code> },
      { key: 'to', title: t.to, value: (row) => wordsOf(row.to), show: (row) => <code title={wordsOf(row.to)}>{wordsOf(row.to)}</code> },
    ]} />
  );
}

/** Any two versions beside each other. */
export function Comparison({ collection, id, record }: { readonly collection: string; readonly id: string; readonly record: DocumentRecord }) {
  const t = useText();
  const versions = record.versions.map(({ version }) => String(version));
  const [version, setVersion] = useUrlState('version', versions.at(-1));
  const [against, setAgainst] = useUrlState('against', versions.at(-2));
  return (
    <section>
      <h2>{t.compare}</h2>
      <div className="row">
        <Choice label={t.before_} versions={versions} chosen={against} choose={setAgainst} />
        <Choice label={t.after_} versions={versions} chosen={version} choose={setVersion} />
      </div>
      <Between collection={collection} id={id} version={version} against={against} />
    </section>
  );
}

function Choice({ label, versions, chosen, choose }: { readonly label: string; readonly versions: readonly string[]; readonly chosen: string; readonly choose: (version: string) => void }) {
  return (
    <label>{label} <select value={chosen} onChange={(event) => choose(event.target.value)}>
      {versions.map((version) => <option key={version}>{version}</option>)}
    </select></label>
  );
}

function Between({ collection, id, version, against }: { readonly collection: string; readonly id: string; readonly version: string; readonly against: string }) {
  const live = useLive(useCallback((signal: AbortSignal) =>
    ask<Difference>(`${pathOf(collection, id)}/difference?version=${encodeURIComponent(version)}&against=${encodeURIComponent(against)}`, { signal }), [collection, id, version, against]), 0);
  return <LiveView live={live}>{(difference) => <Changes difference={difference} />}</LiveView>;
}
