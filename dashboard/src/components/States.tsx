import type { ReactNode } from 'react';
import { Failure } from '../api/client';
import { catalogue } from '../i18n/catalogue';

const useText = catalogue(
  {
    loading: 'Loading…', retry: 'Try again', unreachable: 'The server cannot be reached. Nothing you typed is lost; try again when it runs.',
    timeout: 'The server did not answer in 30 seconds. Nothing you typed is lost; try again.', forbidden: 'Your roles do not allow this.',
    failed: 'The server failed. Its log has the reason; try again.', mayNot: (roles: string) => `This is for: ${roles}.`, wrongField: (field: string) => `Wrong field: ${field}.`,
    unexpected: 'The page failed. Load it again; if that does not help, report these words.', popup: 'The browser did not open a window. Allow pop-ups for this page.',
  },
  {
    loading: 'Wird geladen …', retry: 'Erneut versuchen', unreachable: 'Der Server ist nicht erreichbar. Nichts Getipptes geht verloren; versuchen Sie es erneut, wenn er läuft.',
    timeout: 'Der Server hat 30 Sekunden lang nicht geantwortet. Nichts Getipptes geht verloren; versuchen Sie es erneut.', forbidden: 'Ihre Rollen erlauben das nicht.',
    failed: 'Der Server ist gescheitert. Den Grund nennt sein Protokoll; versuchen Sie es erneut.', mayNot: (roles) => `Das ist für: ${roles}.`, wrongField: (field) => `Falsches Feld: ${field}.`,
    unexpected: 'Die Seite ist gescheitert. Laden Sie sie neu; hilft das nicht, melden Sie diese Worte.', popup: 'Der Browser hat kein Fenster geöffnet. Erlauben Sie Pop-ups für diese Seite.',
  },
);

export function Loading() {
  return <p className="state" role="status">{useText().loading}</p>;
}

/** An empty state: says why there is nothing and what to do. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <div className="state">{children}</div>;
}

/** What went wrong, in words that say what to do. */
export function Failed({ failure, retry }: { readonly failure: unknown; readonly retry?: () => void }) {
  const [message, detail] = useFailureText()(failure);
  const t = useText();
  return (
    <div className="state failed" role="alert">
      <p>{message}</p>
      {detail !== null && <p className="detail">{detail}</p>}
      {retry !== undefined && <button type="button" onClick={retry}>{t.retry}</button>}
    </div>
  );
}

/** A failure in the person's language, and the server's own words where it has some. */
export function useFailureText(): (failure: unknown) => readonly [string, string | null] {
  const t = useText();
  return (failure) => {
    if (!(failure instanceof Failure)) return failure instanceof TypeError && /fetch/i.test(failure.message) ? [t.unreachable, null]
      : failure instanceof Error && failure.message === 'popup' ? [t.popup, null]
      : [t.unexpected, String(failure)];
    if (failure.status === 0) return [failure.message === 'timeout' ? t.timeout : t.unreachable, null];
    if (failure.status === 403) return [t.forbidden, failure.message];
    if (failure.status >= 500) return [t.failed, failure.message];
    return failure.field === null ? [failure.message, null] : [failure.message, t.wrongField(failure.field)];
  };
}

/** Why a button is off, for its title and description. */
export function useRefusal(): (roles: readonly string[]) => string {
  const t = useText();
  return (roles) => t.mayNot(roles.join(', '));
}
