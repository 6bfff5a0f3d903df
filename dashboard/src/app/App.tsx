import { Component, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { NavLink, Navigate, Route, Routes, useLocation } from 'react-router';
import { askToSignIn, changeUser, sessionNow, useSession } from '../api/session';
import { catalogue } from '../i18n/catalogue';
import { setLanguage, useLanguage } from '../i18n/language';
import { Failed, Loading, Nothing } from '../components/States';
import { SignIn } from './SignIn';
import { resume } from './resume';
import { pages, rootOf } from './routes';
import { setTheme, useTheme } from './theme';

const useText = catalogue(
  {
    skip: 'Skip to the page', navigation: 'Pages', dark: 'Dark', light: 'Light', otherLanguage: 'Deutsch', signIn: 'Sign in', tenant: (name: string) => `Institution: ${name}`,
    keyOnly: 'Signed in by key', changeUser: (name: string) => `${name}: change user`, noPage: 'No such page', unknown: 'There is no page at this address. Choose one on the left.',
  },
  {
    skip: 'Zur Seite springen', navigation: 'Seiten', dark: 'Dunkel', light: 'Hell', otherLanguage: 'English', signIn: 'Anmelden', tenant: (name) => `Institut: ${name}`,
    keyOnly: 'Mit Schlüssel angemeldet', changeUser: (name) => `${name}: Benutzer wechseln`, noPage: 'Keine solche Seite', unknown: 'Unter dieser Adresse gibt es keine Seite. Wählen Sie links eine aus.',
  },
);

export function App() {
  const t = useText();
  const { me } = useSession();
  useEffect(() => {
    void resume().then((known) => (known || sessionNow().asking !== null ? undefined : askToSignIn('first')));
  }, []);
  return (
    <>
      <a className="skip" href="#page">{t.skip}</a>
      <Header />
      <div className="frame">
        <Navigation />
        <main id="page" tabIndex={-1}>
          {me !== null && <CurrentPage />}
        </main>
      </div>
      <SignIn />
    </>
  );
}

function Header() {
  const t = useText();
  const { me } = useSession();
  const [language, theme] = [useLanguage(), useTheme()];
  return (
    <header className="top">
      <span className="brand">ServerlessCLM</span>
      {me !== null && <span className="tenant">{t.tenant(me.tenant)}</span>}
      <span className="grow" />
      <button type="button" className="quiet" lang={language === 'en' ? 'de' : 'en'} onClick={() => setLanguage(language === 'en' ? 'de' : 'en')}>{t.otherLanguage}</button>
      <button type="button" className="quiet" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>{theme === 'dark' ? t.light : t.dark}</button>
      {me !== null && (
        <button type="button" className="quiet" onClick={changeUser} title={me.roles.join(', ')} aria-label={t.changeUser(me.name ?? t.keyOnly)}>
          {me.name ?? t.keyOnly}
        </button>
      )}
    </header>
  );
}

function Navigation() {
  const [t, language] = [useText(), useLanguage()];
  return (
    <nav className="side" aria-label={t.navigation}>
      <ul>
        {pages.map((page) => (
          <li key={page.path}>
            <NavLink to={`/${rootOf(page)}`}>{page.title[language]}</NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function CurrentPage() {
  const [t, language] = [useText(), useLanguage()];
  return (
    <Routes>
      <Route index element={<Navigate to={`/${rootOf(pages[0]!)}`} replace />} />
      {pages.map((page) => (
        <Route key={page.path} path={page.path} element={<Framed title={page.title[language]}><page.page /></Framed>} />
      ))}
      <Route path="*" element={<><h1>{t.noPage}</h1><Nothing>{t.unknown}</Nothing></>} />
    </Routes>
  );
}

/** One page: its title in the window, the focus at its start, and its failure kept to itself. */
function Framed({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { pathname } = useLocation();
  const root = pathname.split('/')[1];
  const before = useRef(root);
  useEffect(() => {
    document.title = `${title} · ServerlessCLM`;
    if (before.current !== root) document.getElementById('page')?.focus();
    before.current = root;
  }, [title, root]);
  return (
    <Boundary key={root}>
      <Suspense fallback={<Loading />}>{children}</Suspense>
    </Boundary>
  );
}

class Boundary extends Component<{ readonly children: ReactNode }, { readonly failure: unknown }> {
  override state: { readonly failure: unknown } = { failure: null };

  static getDerivedStateFromError(failure: unknown) {
    return { failure };
  }

  override render() {
    return this.state.failure === null ? this.props.children : <Failed failure={this.state.failure} retry={() => this.setState({ failure: null })} />;
  }
}
