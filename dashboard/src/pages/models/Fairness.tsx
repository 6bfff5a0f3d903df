import { scaleLog } from 'd3-scale';
import { useFormat } from '../../i18n/format';
import type { Gate } from './curves';
import { useText } from './text';

const prefix = 'adverse_impact:';

/** How often each protected group is spared the alert against the largest of its attribute, with intervals, as the gates found it. */
export function Fairness({ gates }: { readonly gates: readonly Gate[] }) {
  const [t, format] = [useText(), useFormat()];
  const groups = gates.flatMap((gate) => (gate.name.startsWith(prefix) && gate.value !== undefined ? [{ ...gate, value: gate.value, group: gate.name.slice(prefix.length) }] : []));
  if (groups.length === 0) return <div className="panel"><h2>{t.fairness}</h2><p className="hint">{t.noFairness}</p></div>;
  const ends = groups.flatMap(({ value, bound }) => [value.low ?? value.value, value.high ?? value.value, bound ?? 1, 1]);
  const x = scaleLog([Math.min(...ends) * 0.9, Math.max(...ends) * 1.1], [0, 100]);
  return (
    <div className="panel">
      <table className="bars forest">
        <caption>{t.fairness}</caption>
        <tbody>
          {groups.map(({ group, value, bound, passed, words }) => (
            <tr key={group}>
              <th scope="row" title={words}>{group}</th>
              <td className={passed ? 'numeric' : 'numeric bad'}>{format.score(value.value)}{value.low !== undefined && value.high !== undefined && ` (${format.score(value.low)} … ${format.score(value.high)})`}</td>
              <td className="track" aria-hidden="true">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none">
                  <rect className="bound" x={x(bound ?? 1)} width={0.6} height={8} />
                  <rect className={passed ? 'up' : 'down'} x={x(value.low ?? value.value)} width={x(value.high ?? value.value) - x(value.low ?? value.value)} y={3} height={2} />
                  <rect className={passed ? 'up' : 'down'} x={x(value.value) - 0.75} width={1.5} height={8} />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">{t.fairnessMeans(format.score(groups[0]!.bound ?? 0.8))}</p>
    </div>
  );
}
