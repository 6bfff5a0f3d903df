import { DataTable } from '../../components/DataTable';
import { useFormat } from '../../i18n/format';
import type { Watch } from './curves';
import { useText } from './text';

/** How far scores and features of now are from those of training, with what chance alone gives, and what the watch found. */
export function Drift({ watch }: { readonly watch: Watch['last'] }) {
  const [t, format] = [useText(), useFormat()];
  if (watch === null) return <div className="panel"><h2>{t.drift}</h2><p className="hint">{t.noDrift}</p></div>;
  const most = Math.max(...watch.drift.flatMap(({ value, critical }) => [value, critical]), Number.EPSILON);
  return (
    <>
      <div className="panel">
        <table className="bars drift">
          <caption>{t.drift}</caption>
          <thead>
            <tr><th scope="col">{t.feature}</th><th scope="col" className="numeric">PSI</th><th scope="col" className="numeric">{t.byChance}</th><td aria-hidden="true" /></tr>
          </thead>
          <tbody>
            {watch.drift.map(({ name, value, critical, drifted }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={drifted ? 'numeric bad' : 'numeric'}>{format.score(value)}</td>
                <td className="numeric">{format.score(critical)}</td>
                <td className="track" aria-hidden="true">
                  <svg viewBox="0 0 100 8" preserveAspectRatio="none">
                    <rect className={drifted ? 'down' : 'up'} width={(value / most) * 100} height={8} />
                    <rect className="bound" x={Math.min((critical / most) * 100, 99.4)} width={0.6} height={8} />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="hint">{t.driftMeans(format.time(watch.at), watch.version, format.whole(watch.predictions))}</p>
      </div>
      <DataTable name="findings" caption={t.findings} rows={watch.findings} id={({ key }) => key} empty={t.noFindings} height={14} columns={[
        { key: 'finding', title: t.finding, value: (row) => row.key },
        { key: 'words', title: t.says, value: (row) => row.words, show: (row) => <span title={row.words}>{row.words}</span> },
      ]} />
    </>
  );
}
