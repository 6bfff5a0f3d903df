import { useCallback } from 'react';
import { ask } from '../../api/client';
import { DataTable } from '../../components/DataTable';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { useFormat } from '../../i18n/format';
import { useText } from './text';

interface Entry {
  readonly sequence: number;
  readonly at: string;
  readonly kind: string;
  readonly content: unknown;
  readonly hash: string;
}

/** What is on record of a customer, and whether it is whole. */
export function Trail({ customerId }: { readonly customerId: string }) {
  const [t, format] = [useText(), useFormat()];
  const live = useLive(useCallback((signal: AbortSignal) =>
    ask<{ intact: boolean; trail: readonly Entry[] }>(`/api/audit/customers/${encodeURIComponent(customerId)}`, { signal }), [customerId]), 30_000);
  return (
    <LiveView live={live}>
      {({ intact, trail }) => (
        <>
          <p className={intact ? 'good' : 'bad'}>{t.chain(intact)}</p>
          <DataTable name="trail" caption={t.trail} height={34} rows={trail} id={(row) => `${row.sequence}`} empty={t.noTrail} columns={[
            { key: 'no', title: t.sequence, value: (row) => row.sequence, numeric: true, width: '4rem' },
            { key: 'when', title: t.when, value: (row) => row.at, show: (row) => format.time(row.at) },
            { key: 'kind', title: t.kind, value: (row) => row.kind },
            { key: 'detail', title: t.detail, value: (row) => JSON.stringify(row.content), show: (row) => <code title={JSON.stringify(row.content, null, 1)}>{JSON.stringify(row.content)}</code> },
            { key: 'hash', title: t.hash, value: (row) => row.hash, show: (row) => <code title={row.hash}>{row.hash.slice(0, 12)}</code> },
          ]} />
        </>
      )}
    </LiveView>
  );
}
