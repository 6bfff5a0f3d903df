import { useFormat } from '../i18n/format';

export interface Bar {
  readonly name: string;
  /** May be negative: it then grows to the left. */
  readonly value: number;
  readonly note?: string;
}

/** Amounts side by side, as a table that reads well and shows a bar beside each figure. */
export function Bars({ caption, bars, show }: { readonly caption: string; readonly bars: readonly Bar[]; readonly show?: (value: number) => string }) {
  const format = useFormat();
  const most = Math.max(...bars.map((bar) => Math.abs(bar.value)), Number.EPSILON);
  const signed = bars.some((bar) => bar.value < 0);
  return (
    <table className="bars">
      <caption>{caption}</caption>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.name}>
            <th scope="row" title={bar.note}>{bar.name}</th>
            <td className="numeric">{(show ?? format.number)(bar.value)}</td>
            <td className="track" aria-hidden="true">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none">
                <rect className={bar.value < 0 ? 'down' : 'up'} height="8" width={(Math.abs(bar.value) / most) * (signed ? 50 : 100)}
                  x={!signed ? 0 : bar.value < 0 ? 50 - (Math.abs(bar.value) / most) * 50 : 50} />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
