import { useState } from 'react';
import { ActionButton } from '../../components/ActionButton';
import { Failed } from '../../components/States';
import { proofOf, type Proof } from './api';
import { Proven } from './Proven';
import { useText } from './text';

/** Proves a message again on demand, and shows every attempt at it: also those that were refused, and why. */
export function Attempts({ customerId, messageId }: { readonly customerId: string; readonly messageId: string }) {
  const t = useText();
  const [proof, setProof] = useState<Proof | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const prove = () => {
    setFailure(null);
    proofOf(customerId, messageId).then(setProof, setFailure);
  };
  return (
    <section aria-label={t.attempts}>
      <ActionButton operation="ProveMessage" disabled={customerId === '' || messageId === ''} onClick={prove}>{t.look}</ActionButton>
      {failure !== null && <Failed failure={failure} />}
      {proof !== null && <p role="status">{proof.identical ? t.identical : t.different}</p>}
      {proof?.attempts?.map((attempt, index) => (
        <section key={`${index} ${attempt.source}`} className="panel">
          <h3>{t.attempt(index + 1, t[attempt.source])}</h3>
          {attempt.body === null ? <p>{t.noText}: {attempt.failure}</p> : <Proven name={`proof-${index + 1}`} subject={attempt.subject} body={attempt.body} marks={attempt.marks} />}
          {attempt.refusals.length > 0 && (
            <ul>{attempt.refusals.map((refusal) => <li key={refusal.check}><span className="badge bad">{refusal.check}</span> {refusal.evidence !== null && <q>{refusal.evidence}</q>} {refusal.reason}</li>)}</ul>
          )}
        </section>
      ))}
    </section>
  );
}
