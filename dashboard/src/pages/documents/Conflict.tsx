import { useId } from 'react';
import { ActionButton } from '../../components/ActionButton';
import { useText } from './text';

/** Two people have written the same draft: both texts side by side, and a choice. */
export function Conflict({ mine, theirs, take, insist }: { readonly mine: string; readonly theirs: string; readonly take: () => void; readonly insist: () => void }) {
  const t = useText();
  const [left, right] = [useId(), useId()];
  return (
    <section className="panel" role="alert">
      <p className="warn">{t.conflict}</p>
      <div className="split">
        <div><label htmlFor={left}>{t.mine}</label><textarea id={left} className="code" rows={14} readOnly value={mine} /></div>
        <div><label htmlFor={right}>{t.theirs}</label><textarea id={right} className="code" rows={14} readOnly value={theirs} /></div>
      </div>
      <div className="row">
        <button type="button" onClick={take}>{t.takeTheirs}</button>
        <ActionButton operation="PutDocument" onClick={insist}>{t.keepMine}</ActionButton>
      </div>
    </section>
  );
}
