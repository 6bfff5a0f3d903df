import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { signInAtIssuer } from '../api/entra';
import { sessionNow, stay, useSession, type Credentials, type SignInMode } from '../api/session';
import { Failed } from '../components/States';
import { catalogue } from '../i18n/catalogue';
import { enter, keyFor, signInMode } from './resume';

const useText = catalogue(
  {
    title: 'Sign in', expired: 'Your session has ended. Sign in again: what you typed is still on the page, and the request that was refused is sent again.',
    key: 'Function key', keyHint: 'The emulator printed it at its first start; it is in .clm/keys.json.', name: 'Your name',
    nameHint: 'It signs what you submit and approve.', role: 'Act as', all: 'everything the key allows', enter: 'Sign in', cancel: 'Stay as you are',
    entra: 'Sign in with Entra ID', entraHint: 'A window of your institution opens. Allow pop-ups for this page when none does.',
  },
  {
    title: 'Anmelden', expired: 'Ihre Sitzung ist abgelaufen. Melden Sie sich neu an: Was Sie getippt haben, steht noch auf der Seite, und die abgewiesene Anfrage wird erneut gesendet.',
    key: 'Funktionsschlüssel', keyHint: 'Der Emulator hat ihn beim ersten Start ausgegeben; er steht in .clm/keys.json.', name: 'Ihr Name',
    nameHint: 'Er steht unter dem, was Sie einreichen und freigeben.', role: 'Handeln als', all: 'alles, was der Schlüssel erlaubt', enter: 'Anmelden', cancel: 'So bleiben',
    entra: 'Mit Entra ID anmelden', entraHint: 'Ein Fenster Ihres Instituts öffnet sich. Erlauben Sie Pop-ups für diese Seite, wenn keines erscheint.',
  },
);

/** The dialog over the page. The page below keeps all that was typed. */
export function SignIn() {
  const { asking } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (asking !== null && dialog.current?.open === false) dialog.current.showModal();
    if (asking === null) dialog.current?.close();
  }, [asking]);
  const t = useText();
  const heading = useId();
  return (
    <dialog ref={dialog} className="sign-in" aria-labelledby={heading} onCancel={(event) => (asking === 'chosen' ? stay() : event.preventDefault())}>
      <h2 id={heading}>{t.title}</h2>
      {asking === 'expired' && <p role="alert">{t.expired}</p>}
      {asking !== null && <Ways canStay={asking === 'chosen'} />}
    </dialog>
  );
}

function Ways({ canStay }: { readonly canStay: boolean }) {
  const t = useText();
  const [mode, setMode] = useState<SignInMode | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    signInMode().then((found) => {
      setMode(found);
      setFailure(null);
    }, setFailure);
  }, [attempt]);

  const attemptTo = async (credentials: () => Promise<Credentials>) => {
    try {
      setFailure(null);
      await enter(await credentials());
    } catch (reason) {
      setFailure(reason);
    }
  };
  return (
    <>
      {mode?.mode === 'key' && <ByKey enter={(credentials) => attemptTo(() => Promise.resolve(credentials))} />}
      {mode?.mode === 'entra' && (
        <>
          <p>{t.entraHint}</p>
          <button type="button" className="primary" autoFocus onClick={() => attemptTo(async () => {
            const tokens = await signInAtIssuer(mode);
            return { ...tokens, key: await keyFor(tokens.token) };
          })}>{t.entra}</button>
        </>
      )}
      {failure !== null && <Failed failure={failure} {...(mode === null ? { retry: () => setAttempt((n) => n + 1) } : {})} />}
      {canStay && <button type="button" onClick={stay}>{t.cancel}</button>}
    </>
  );
}

const roles = ['analyst', 'approver', 'auditor', 'agent', 'service', 'administrator'];

function ByKey({ enter }: { readonly enter: (credentials: Credentials) => void }) {
  const t = useText();
  const before = sessionNow().credentials;
  const [key, setKey] = useState(before?.key ?? '');
  const [name, setName] = useState(before?.name ?? '');
  const [role, setRole] = useState(before?.roles?.[0] ?? '');
  const ids = { key: useId(), keyHint: useId(), name: useId(), nameHint: useId(), role: useId() };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter({ key: key.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }), ...(role === '' ? {} : { roles: [role] }) });
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor={ids.key}>{t.key}</label>
      <input id={ids.key} type="password" required autoFocus autoComplete="off" value={key} onChange={(event) => setKey(event.target.value)} aria-describedby={ids.keyHint} />
      <p className="hint" id={ids.keyHint}>{t.keyHint}</p>
      <label htmlFor={ids.name}>{t.name}</label>
      <input id={ids.name} required maxLength={200} autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} aria-describedby={ids.nameHint} />
      <p className="hint" id={ids.nameHint}>{t.nameHint}</p>
      <label htmlFor={ids.role}>{t.role}</label>
      <select id={ids.role} value={role} onChange={(event) => setRole(event.target.value)}>
        <option value="">{t.all}</option>
        {roles.map((each) => <option key={each}>{each}</option>)}
      </select>
      <button type="submit" className="primary">{t.enter}</button>
    </form>
  );
}
