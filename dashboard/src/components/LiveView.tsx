import type { ReactNode } from 'react';
import { catalogue } from '../i18n/catalogue';
import { Failed, Loading, useFailureText } from './States';
import type { Live } from './useLive';

const useText = catalogue(
  { stale: 'Not live:', retry: 'Ask now' },
  { stale: 'Nicht aktuell:', retry: 'Jetzt fragen' },
);

/** Live data in its states: loading, failed, shown, and shown though the server has gone. */
export function LiveView<T>({ live, children }: { readonly live: Live<T>; readonly children: (data: T) => ReactNode }) {
  const t = useText();
  const words = useFailureText();
  if (live.data === null) return live.failure === null ? <Loading /> : <Failed failure={live.failure} retry={live.refresh} />;
  return (
    <>
      {live.failure !== null && (
        <div className="stale" role="status">
          {t.stale} {words(live.failure)[0]} <button type="button" className="quiet" onClick={live.refresh}>{t.retry}</button>
        </div>
      )}
      {children(live.data)}
    </>
  );
}
