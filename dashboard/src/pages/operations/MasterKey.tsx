import { useId } from 'react';
import { useText } from './text';

/** The key of the emulator's own routes; typed each time, never kept. */
export function MasterKey({ value, change }: { readonly value: string; readonly change: (value: string) => void }) {
  const t = useText();
  const [field, hint] = [useId(), useId()];
  return (
    <div>
      <label htmlFor={field}>{t.masterKey}</label>
      <input id={field} type="password" autoComplete="off" value={value} aria-describedby={hint} onChange={(event) => change(event.target.value)} />
      <p className="hint" id={hint}>{t.masterHint}</p>
    </div>
  );
}
