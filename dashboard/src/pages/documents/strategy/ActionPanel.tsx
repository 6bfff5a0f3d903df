import { useEffect, useRef } from 'react';
import { ExpressionEditor } from '../../../components/expression/ExpressionEditor';
import type { Use } from '../../../components/expression/useExpression';
import type { Finding } from '../api';
import { remove, set, type Path } from '../edit';
import { amounts, rules, type Action } from './strategy';
import { useWords } from './words';

/** The rules and amounts of one action. What is emptied goes from the text, with the object that it leaves empty. */
export function ActionPanel({ action, text, change, findings, customerId, close }: {
  readonly action: Action; readonly text: string; readonly change: (text: string) => void; readonly findings: readonly Finding[]; readonly customerId: string; readonly close: () => void;
}) {
  const t = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const write = (path: Path, value: string, isLast: boolean) => {
    const whole: Path = ['actions', action.place, ...path];
    change(value !== '' ? set(text, whole, value) : remove(text, isLast ? whole.slice(0, -1) : whole));
  };
  const editor = (label: string, use: Use, value: string, path: Path, isLast = false) => (
    <ExpressionEditor key={label} label={label} place="strategy" use={use} value={value} customerId={customerId} change={(next) => write(path, next, isLast)} />
  );
  const given = amounts.filter((name) => action.amounts[name] !== '');
  return (
    <section className="panel" aria-label={t.panel(action.id)}>
      <div className="row">
        <h2 ref={heading} tabIndex={-1}>{action.id} <span className="badge">{action.kind}</span></h2>
        <span className="grow" />
        <button type="button" onClick={close}>{t.close}</button>
      </div>
      {findings.length > 0 && <ul aria-label={t.atAction} className="bad">{findings.map((each, index) => <li key={index}><code>{each.path}</code>: {each.reason}</li>)}</ul>}
      <fieldset>
        <legend>{t.rules}</legend>
        {rules.map((name) => editor(t[name], 'condition', action.rules[name], [name]))}
      </fieldset>
      {action.kind === 'none' ? <p className="hint">{t.noRules}</p> : (
        <fieldset>
          <legend>{t.value}</legend>
          {amounts.map((name) => editor(t[name], 'amount', action.amounts[name], ['value', name], given.length === 1 && given[0] === name))}
          {editor(t.context, 'amount', action.context, ['context'])}
        </fieldset>
      )}
    </section>
  );
}
