import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Failed } from '../States';
import { lengthAt, offersFor, taken, wordAt, type Offer } from './completion';
import './expression.css';
import { Remarks, Sample } from './Remarks';
import { useExpression, useOffers, type Place, type Use } from './useExpression';
import { useWords } from './words';

interface Open {
  /** Where the word begins that is completed, and where the cursor is. */
  readonly start: number;
  readonly cursor: number;
  /** The offer that Enter takes; −1 for none, so that Enter stays a line's end until somebody chooses. */
  readonly chosen: number;
}

/**
 * One expression: completion as one types, what is wrong and where, its type, and what it says of a sample customer. A field of several lines may not have
 * the role of a combobox; it keeps its own and has the rest of that pattern (list of options, active one, keys).
 */
export function ExpressionEditor({ label, value, change, place, use, customerId }: {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly place: Place;
  readonly use: Use;
  /** Whose values stand beside it; empty for nobody's. */
  readonly customerId: string;
}) {
  const t = useWords();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const all = useOffers(place);
  const [open, setOpen] = useState<Open | null>(null);
  const offers = useMemo(() => (open === null ? [] : offersFor(value.slice(open.start, open.cursor), all)), [open, value, all]);
  const { check, failure } = useExpression(place, use, value, customerId);
  const isListed = open !== null && offers.length > 0;
  const isWrong = check?.findings.some((each) => !each.isWarning) === true;

  const look = (text: string, cursor: number, wanted: boolean) => {
    const start = wordAt(text, cursor);
    setOpen(start === null || (!wanted && start === cursor) ? null : { start, cursor, chosen: -1 });
  };
  const take = (offer: Offer) => {
    const field = area.current;
    if (open === null || field === null) return;
    const [text, cursor] = taken(value, open.start, open.cursor, offer);
    setOpen(null);
    field.focus();
    change(text);
    requestAnimationFrame(() => field.setSelectionRange(cursor, cursor));
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      look(value, event.currentTarget.selectionStart, true);
    } else if (open !== null && isListed) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setOpen({ ...open, chosen: open.chosen < 0 && step < 0 ? offers.length - 1 : (open.chosen + step + offers.length) % offers.length });
      else if (event.key === 'Enter' && open.chosen >= 0) take(offers[open.chosen]!);
      else if (event.key === 'Escape') setOpen(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const show = (position: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(position, position + lengthAt(value, position));
  };
  return (
    <div className="expression">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} ref={area} className="code" rows={Math.min(6, 1 + Math.ceil(value.length / 60))} spellCheck={false} autoComplete="off" maxLength={4096} value={value}
        aria-autocomplete="list" aria-haspopup="listbox" aria-controls={isListed ? `${id}-list` : undefined} aria-activedescendant={isListed && open.chosen >= 0 ? `${id}-${open.chosen}` : undefined}
        aria-describedby={`${id}-keys ${id}-found`} aria-invalid={isWrong} onKeyDown={keys} onBlur={() => setOpen(null)}
        onChange={(event) => {
          change(event.target.value);
          look(event.target.value, event.target.selectionStart, false);
        }} />
      <span id={`${id}-keys`} className="visually-hidden">{t.completion}</span>
      <span role="status" className="visually-hidden">{open === null ? '' : t.offered(offers.length)}</span>
      {isListed && (
        <ul id={`${id}-list`} role="listbox" aria-label={t.completion}>
          {offers.map((offer, index) => (
            <li key={`${offer.name}${offer.isFunction ? '()' : ''}`} id={`${id}-${index}`} role="option" aria-selected={index === open.chosen} ref={index === open.chosen ? intoView : undefined}
              onPointerDown={(event) => {
                // The field keeps the focus.
                event.preventDefault();
                take(offer);
              }}>
              <code>{offer.name}</code> <span className="hint">{offer.type}{offer.about === '' ? '' : ` · ${offer.about}`}</span>
            </li>
          ))}
        </ul>
      )}
      <div id={`${id}-found`}>
        {failure !== null && <Failed failure={failure} />}
        {check !== null && <Remarks label={label} text={value} check={check} show={show} />}
        {check !== null && check.type !== null && <p className={isWrong ? 'hint' : 'good'}>{t.type(check.type)} {isWrong ? '' : t.fits}</p>}
      </div>
      {check !== null && <Sample label={label} check={check} customerId={customerId} />}
    </div>
  );
}

const intoView = (option: HTMLLIElement | null) => option?.scrollIntoView({ block: 'nearest' });
