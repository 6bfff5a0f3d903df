import { useState, type ReactNode } from 'react';
import { useSampleText } from '../../../components/expression/Remarks';
import { useExpression } from '../../../components/expression/useExpression';
import { useFormat } from '../../../i18n/format';
import { rules, type Action, type Strategy } from './strategy';
import { useWords } from './words';

const verdicts = { eligibility: 'notEligible', applicability: 'notApplicable', suitability: 'notSuitable' } as const;

/** The steps that each action goes down, from its rules to its rank; with a sample customer, how far it comes for them. */
export function Tree({ strategy, selected, customerId }: { readonly strategy: Strategy; readonly selected: string; readonly customerId: string }) {
  const t = useWords();
  const stages = [...new Set(strategy.actions.map((action) => action.stage))].map((stage) => [stage, strategy.actions.filter((action) => action.stage === stage)] as const);
  return (
    <section className="panel tree" aria-label={t.tree}>
      <h2>{t.tree}</h2>
      <p className="hint">{t.treeHint}</p>
      <p>{t.every(strategy.actions.length)}</p>
      <ul>
        {stages.map(([stage, actions]) => (
          <li key={stage}>
            <Fold title={t.group(stage === '' ? t.noStage : stage, actions.length)} isOpen={strategy.actions.length <= 12 || actions.some((each) => each.id === selected)}>
              {() => (
                <ul>
                  {actions.map((action) => (
                    <li key={action.place}>
                      <Fold key={`${action.id === selected}`} title={action.id} isOpen={action.id === selected}>{() => <Steps action={action} objectives={strategy.objectives} customerId={customerId} />}</Fold>
                    </li>
                  ))}
                </ul>
              )}
            </Fold>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is folded away is not drawn: a strategy may have thousands of actions. */
function Fold({ title, isOpen, children }: { readonly title: string; readonly isOpen: boolean; readonly children: () => ReactNode }) {
  const [open, setOpen] = useState(isOpen);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && children()}
    </details>
  );
}

function Steps({ action, objectives, customerId }: { readonly action: Action; readonly objectives: Strategy['objectives']; readonly customerId: string }) {
  const [t, format] = [useWords(), useFormat()];
  const { margin, lifetime, expectedLoss, experience } = action.amounts;
  const part = (text: string) => (text === '' ? '0' : /^[\w.]+$/.test(text) ? text : `(${text})`);
  const prior = action.prior === null ? '–' : format.percent(action.prior);
  const worth = `${objectives.revenue} × (${part(margin)} + ${part(lifetime)}) − ${objectives.risk} × ${part(expectedLoss)} + ${objectives.experience} × ${part(experience)}`;
  const end = action.kind === 'none' ? <li><b>{t.rank}</b>: {t.nothing}</li> : (
    <li><b>{t.gate}</b>
      <ul><li><b>{t.worth}</b>: <code>{worth}</code>
        <ul><li><b>{t.rank}</b>: {t.ranked(action.model === '' ? prior : t.model(action.model, prior), part(action.context === '' ? '1' : action.context), format.number(action.lever))}</li></ul>
      </li></ul>
    </li>
  );
  return <ul>{rules.reduceRight<ReactNode>((below, name) => <Rule label={t[name]} rule={action.rules[name]} verdict={verdicts[name]} customerId={customerId}>{below}</Rule>, end)}</ul>;
}

function Rule({ label, rule, verdict, customerId, children }: { readonly label: string; readonly rule: string; readonly verdict: string; readonly customerId: string; readonly children: ReactNode }) {
  const t = useWords();
  const words = useSampleText();
  const value = useExpression('strategy', 'condition', customerId === '' ? '' : rule, customerId).check?.value ?? null;
  return (
    <li>
      <b>{label}</b>: {rule === '' ? t.always : <code>{rule}</code>}{' '}
      {value !== null && <span className={value.text === 'true' ? 'badge good' : 'badge bad'}>{t.forCustomer(customerId, value.text === 'true' ? t.yes : value.text === 'false' ? t.no : words(value))}</span>}
      {rule !== '' && <span className="hint"> {t.otherwise(verdict)}</span>}
      <ul>{children}</ul>
    </li>
  );
}
