import { scaleLog } from 'd3-scale';
import { useFormat } from '../../i18n/format';
import type { Gate, Watch } from './curves';
import { useText } from './text';

/** The rate that the four-fifths rule asks for at least. */
const bound = 0.8;
const prefix = 'adverse_impact:';

/** How often each protected group is spared the alert against the largest of its attribute, with intervals: as the last watch found it, else the gates at the promotion. */
export function Fairness({ watch, gates }: { readonly watch: Watch['last']; readonly gates: readonly Gate[] }) {
  const [t, format] = [useText(), useFormat()];
  const watched = (watch?.fairness ?? []).map(({ attribute, group, reference, ratio, isAdverse }) => ({ name: `${attribute}=${group}`, words: t.comparedWith(reference), ratio, isAdverse }));
  const gated = gates.flatMap(({ name, words, value, passed }) => (name.startsWith(prefix) && value !== undefined ? [{ name: name.slice(prefix.length), words, ratio: value, isAdverse: !passed }] : []));
  const groups = watched.length > 0 ? watched : gated;
  if (groups.length === 0) return <div className="panel"><h2>{t.fairness}</h2><p className="hint">{t.noFairness}</p></div>;
  const ends = groups.flatMap(({ ratio }) => [ratio.low ?? ratio.value, ratio.high ?? ratio.value, bound, 1]);
  const x = scaleLog([Math.min(...ends) * 0.9, Math.max(...ends) * 1.1], [0, 100]);
  return (
    <div className="panel">
      <table className="bars forest">
        <caption>{t.fairness}</caption>
        <tbody>
          {groups.map(({ name, words, ratio, isAdverse }) => {
            const [low, high] = [x(ratio.low ?? ratio.value), x(ratio.high ?? ratio.value)];
            return (
              <tr key={name}>
                <th scope="row" title={words}>{name}</th>
                <td className={isAdverse ? 'numeric bad' : 'numeric'}>{format.score(ratio.value)}{ratio.low !== undefined && ratio.high !== undefined && ` (${format.score(ratio.low)} … ${format.score(ratio.high)})`}</td>
                <td className="track" aria-hidden="true">
                  <svg viewBox="0 0 100 8" preserveAspectRatio="none">
                    <rect className="bound" x={x(bound)} width={0.6} height={8} />
                    <rect className={isAdverse ? 'down' : 'up'} x={low} width={high - low} y={3} height={2} />
                    <rect className={isAdverse ? 'down' : 'up'} x={x(ratio.value) - 0.75} width={1.5} height={8} />
                  </svg>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="hint">{watched.length > 0 ? t.byWatch : t.byGates} {t.fairnessMeans(format.score(bound))}</p>
    </div>
  );
}
