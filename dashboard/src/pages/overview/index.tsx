import { useCallback } from 'react';
import { api, dataOf } from '../../api/client';
import { LiveView } from '../../components/LiveView';
import { useLive } from '../../components/useLive';
import { catalogue } from '../../i18n/catalogue';

const useText = catalogue(
  { title: 'Overview', state: 'Product', version: 'Version' },
  { title: 'Überblick', state: 'Produkt', version: 'Version' },
);

export default function Overview() {
  const t = useText();
  const health = useLive(useCallback((signal: AbortSignal) => dataOf(api.GET('/health', { signal })), []));
  return (
    <>
      <h1>{t.title}</h1>
      <LiveView live={health}>
        {({ status, version }) => (
          <div className="cards">
            <div className="card"><div className="figure">{status}</div><div className="name">{t.state}</div></div>
            <div className="card"><div className="figure">{version.split('+')[0]}</div><div className="name">{t.version}</div></div>
          </div>
        )}
      </LiveView>
    </>
  );
}
