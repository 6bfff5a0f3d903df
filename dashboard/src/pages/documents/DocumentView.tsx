import { useCallback } from 'react';
import { Link } from 'react-router';
import { Failure, ask } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { Tabs } from '../../components/Tabs';
import { useLive } from '../../components/useLive';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { pathOf, type DocumentRecord } from './api';
import { Approval } from './Approval';
import { Comparison } from './Changes';
import { Editor } from './Editor';
import { Simulation } from './Simulation';
import { useText } from './text';

export interface Known {
  /** Null for a document that has no version yet. */
  readonly record: DocumentRecord | null;
  /** The last version's text; a skeleton where there is none. */
  readonly text: string;
}

async function load(collection: string, id: string, signal: AbortSignal): Promise<Known> {
  try {
    const record = await ask<DocumentRecord>(`${pathOf(collection, id)}/history`, { signal });
    const content = await ask<Record<string, unknown>>(`${pathOf(collection, id)}?version=${record.versions.at(-1)!.version}`, { signal });
    return { record, text: JSON.stringify(content, null, 2) };
  } catch (failure) {
    if (failure instanceof Failure && failure.status === 404) return { record: null, text: JSON.stringify({ id, version: 1 }, null, 2) };
    throw failure;
  }
}

export function DocumentView({ collection, id }: { readonly collection: string; readonly id: string }) {
  const t = useText();
  const [part, setPart] = useUrlState('part', 'edit');
  const live = useLive(useCallback((signal: AbortSignal) => load(collection, id, signal), [collection, id]));
  return (
    <>
      <p className="hint"><Link to={`/documents/${collection}`}>{t.back(collection)}</Link></p>
      <h1>{id}</h1>
      <LiveView live={live}>
        {(known) => (
          <Tabs label={t.parts} selected={part} select={setPart} tabs={[
            { key: 'edit', title: t.edit }, { key: 'difference', title: t.difference }, { key: 'history', title: t.history },
            ...(collection === 'strategies' ? [{ key: 'simulation', title: t.simulation }] : []),
          ]}>
            {part === 'difference' ? <Approval collection={collection} id={id} record={known.record} changed={live.refresh} />
              : part === 'history' ? <History collection={collection} id={id} record={known.record} />
              : part === 'simulation' ? <Simulation id={id} record={known.record} />
              : <Editor collection={collection} id={id} known={known} changed={live.refresh} />}
          </Tabs>
        )}
      </LiveView>
    </>
  );
}

function History({ collection, id, record }: { readonly collection: string; readonly id: string; readonly record: DocumentRecord | null }) {
  const [t, format] = [useText(), useFormat()];
  return (
    <>
      <DataTable name="history" caption={t.history} rows={record?.history.toReversed() ?? []} id={(_, index) => `${index}`} columns={[
        { key: 'at', title: t.at, value: (row) => row.at, show: (row) => format.time(row.at) },
        { key: 'version', title: t.version, value: (row) => row.version, numeric: true },
        { key: 'step', title: t.step, value: (row) => row.step },
        { key: 'by', title: t.by, value: (row) => row.by },
        { key: 'why', title: t.why, value: (row) => row.why ?? '' },
        { key: 'digest', title: 'SHA-256', value: (row) => row.digest, show: (row) => <code title={row.digest}>{row.digest.slice(0, 12)}</code> },
      ]} />
      {record !== null && record.versions.length > 1 && <Comparison collection={collection} id={id} record={record} />}
    </>
  );
}
