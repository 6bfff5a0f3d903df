import { useCallback, useState, type FormEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { ask } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { collections } from './api';
import { DocumentView } from './DocumentView';
import { useText } from './text';

export default function DocumentsPage() {
  const { collection, id } = useParams();
  return collection !== undefined && id !== undefined ? <DocumentView key={`${collection}/${id}`} collection={collection} id={id} /> : <Collection collection={collection ?? collections[0]} />;
}

interface Row {
  readonly id: string;
  readonly inForce: number | null;
  readonly last: number;
  readonly status: string;
}

function Collection({ collection }: { readonly collection: string }) {
  const t = useText();
  const navigate = useNavigate();
  const [id, setId] = useState('');
  const live = useLive(useCallback((signal: AbortSignal) => ask<Record<string, readonly Row[]>>(`/api/documents/${encodeURIComponent(collection)}`, { signal }), [collection]));
  const open = (event: FormEvent) => {
    event.preventDefault();
    void navigate(`/documents/${collection}/${id}`);
  };
  return (
    <>
      <h1>{t.title}</h1>
      <p className="hint">{t.intro}</p>
      <form className="row" onSubmit={open}>
        <label>{t.collection}{' '}
          <select value={collection} onChange={(event) => void navigate(`/documents/${event.target.value}`)}>{collections.map((each) => <option key={each}>{each}</option>)}</select>
        </label>
        <label>{t.id} <input value={id} required pattern="[a-z0-9\-]{1,64}" title={t.idHint} onChange={(event) => setId(event.target.value)} /></label>
        <button type="submit">{t.open}</button>
      </form>
      <LiveView live={live}>
        {(found) => (
          <DataTable name="documents" caption={collection} rows={found[collection] ?? []} id={(row) => row.id} empty={t.none} columns={[
            { key: 'id', title: t.id, value: (row) => row.id, show: (row) => <Link to={`/documents/${collection}/${row.id}`}>{row.id}</Link> },
            { key: 'inForce', title: t.inForce, value: (row) => row.inForce, numeric: true },
            { key: 'last', title: t.last, value: (row) => row.last, numeric: true },
            { key: 'status', title: t.status, value: (row) => row.status, show: (row) => <span className={row.status === 'Submitted' ? 'badge warn' : 'badge'}>{row.status}</span> },
          ]} />
        )}
      </LiveView>
    </>
  );
}
