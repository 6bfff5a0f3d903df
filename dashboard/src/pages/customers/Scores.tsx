import { Bars } from '../../components/Bars';
import { DataTable } from '../../components/DataTable';
import { LineChart } from '../../components/LineChart';
import { useUrlState } from '../../components/useUrlState';
import { useFormat } from '../../i18n/format';
import { useText } from './text';
import type { Customer } from './types';

/** Scores with their course and what moved them. */
export function Scores({ scores }: { readonly scores: Customer['scores'] }) {
  const [t, format] = [useText(), useFormat()];
  const all = Object.entries(scores).map(([name, score]) => ({ name, ...score }));
  // Models first: they have reasons.
  const rows = [...all.filter((row) => row.model !== undefined), ...all.filter((row) => row.model === undefined)];
  const [chosen, choose] = useUrlState('score', rows.find((row) => row.raised)?.name ?? 'churn');
  const score = scores[chosen];
  return (
    <div className="split">
      <DataTable name="scores" caption={t.scores} height={34} rows={rows} id={(row) => row.name} empty={t.noScores} columns={[
        { key: 'name', title: t.score, value: (row) => row.name, show: (row) => <button type="button" className="link" aria-pressed={row.name === chosen} onClick={() => choose(row.name)}>{row.name}</button> },
        { key: 'value', title: t.value, value: (row) => row.value, show: (row) => (row.value === null ? '–' : format.score(row.value)), numeric: true },
        { key: 'change', title: t.change, value: (row) => row.change30d, show: (row) => (row.change30d === null ? '–' : format.score(row.change30d)), numeric: true },
        { key: 'alert', title: t.alert, value: (row) => (row.raised ? t.raised : ''), show: (row) => (row.raised ? <span className="badge bad">{t.raised}</span> : null) },
        { key: 'model', title: t.model, value: (row) => row.model ?? '' },
      ]} />
      {score !== undefined && (
        <div>
          <div className="panel">
            <h2>{chosen}</h2>
            <p>{score.meaning}</p>
            {score.reasons === undefined || score.reasons.length === 0
              ? <p className="hint">{t.noReasons}</p>
              : <Bars caption={t.reasons} bars={score.reasons.map((reason) => ({ name: reason.phrase, value: reason.effect, note: `${reason.feature} = ${reason.value ?? '–'}` }))} show={format.score} />}
          </div>
          <Course name={chosen} points={[...score.history.map((each) => ({ time: Date.parse(each.day), value: each.value })), ...(score.value === null ? [] : [{ time: Date.now(), value: score.value }])]} />
        </div>
      )}
    </div>
  );
}

function Course({ name, points }: { readonly name: string; readonly points: readonly { readonly time: number; readonly value: number }[] }) {
  const [t, format] = [useText(), useFormat()];
  if (points.length < 2) return null;
  return <LineChart title={t.overTime(name)} summary={t.history(format.score(points[0]!.value), format.score(points.at(-1)!.value), points.length)} series={[{ name, points }]} show={format.score} />;
}
