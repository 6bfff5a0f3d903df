import { lengthAt } from './completion';
import { useWords } from './words';
import type { Check, SampleValue } from './useExpression';

/** Characters that are shown around the place of a finding. */
const around = 24;

/** What is wrong, with the place marked in the text. */
export function Remarks({ label, text, check, show }: { readonly label: string; readonly text: string; readonly check: Check; readonly show: (position: number) => void }) {
  const t = useWords();
  if (check.findings.length === 0) return null;
  return (
    <ul className="remarks" aria-label={t.findings(label)}>
      {check.findings.map(({ position, message, isWarning }, index) => {
        const length = lengthAt(text, position);
        return (
          <li key={index} className={isWarning ? 'warn' : 'bad'}>
            <button type="button" className="link" onClick={() => show(position)}>{t.position(position + 1)}</button>{' '}
            <code>{position > around && '…'}{text.slice(Math.max(0, position - around), position)}<mark>{text.slice(position, position + length) || '\u00A0'}</mark>{text.slice(position + length, position + length + around)}{position + length + around < text.length && '…'}</code>
            <br />{message}
          </li>
        );
      })}
    </ul>
  );
}

/** What a sample customer's value is, in words. */
export function useSampleText(): (value: SampleValue) => string {
  const t = useWords();
  return ({ state, text, reason }) => (state === 'known' ? text ?? '' : state === 'unknown' ? t.unknown(reason ?? '') : t.error(reason ?? ''));
}

/** The names that an expression reads, with a sample customer's values. */
export function Sample({ label, check: { names, value }, customerId }: { readonly label: string; readonly check: Check; readonly customerId: string }) {
  const t = useWords();
  const words = useSampleText();
  if (names.length === 0 && value === null) return null;
  return (
    <>
      {value !== null && <p className="sample">{t.ofCustomer(customerId, words(value))}</p>}
      {names.length > 0 && (
        <table className="reads">
          <caption className="visually-hidden">{t.reads(label)}</caption>
          <thead><tr><th scope="col">{t.name}</th>{customerId !== '' && <th scope="col">{t.value}</th>}<th scope="col">{t.unit}</th><th scope="col">{t.meaning}</th></tr></thead>
          <tbody>
            {names.map((each) => (
              <tr key={each.name}>
                <th scope="row"><code>{each.name}</code></th>
                {customerId !== '' && <td>{each.value === null ? '' : words(each.value)}</td>}
                <td>{each.unit ?? each.type}</td><td>{each.meaning ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
