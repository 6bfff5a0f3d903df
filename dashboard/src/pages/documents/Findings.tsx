import { DataTable } from '../../components/DataTable';
import type { Finding } from './api';
import { useText } from './text';

/** What the checks found, at its place in the document. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const t = useText();
  return (
    <>
      <p role="status" className={findings.some((each) => !each.isWarning) ? 'bad' : 'good'}>{findings.some((each) => !each.isWarning) ? t.findings : t.valid}</p>
      {findings.length > 0 && (
        <DataTable name="findings" caption={t.findings} rows={findings} id={(_, index) => `${index}`} columns={[
          { key: 'kind', title: t.kind, value: (row) => (row.isWarning ? t.warning : t.error), show: (row) => <span className={row.isWarning ? 'badge warn' : 'badge bad'}>{row.isWarning ? t.warning : t.error}</span>, width: '6rem' },
          { key: 'path', title: t.path, value: (row) => row.path, show: (row) => <code>{row.path}</code> },
          { key: 'reason', title: t.reason, value: (row) => row.reason, show: (row) => <span title={row.reason}>{row.reason}</span> },
        ]} />
      )}
    </>
  );
}
