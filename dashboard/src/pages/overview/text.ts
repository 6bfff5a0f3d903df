import { catalogue } from '../../i18n/catalogue';

export const useText = catalogue(
  {
    title: 'Overview', rate: 'events per second', lag: 'lag of the stream', scored: 'of today’s events scored', deadLetters: 'events set aside today', signals: 'signals today',
    decisions: 'decisions today', contacts: 'contacts today', alerts: 'findings about models today', seconds: (value: string) => `${value} s`,
    flow: 'Events per second, the last 30 minutes', flowSummary: (peak: string, when: string) => `The highest rate was ${peak} events per second at ${when}.`,
    noFlow: 'No events in the last minutes. POST /api/transactions takes payments; dotnet run --project functions -- --demo brings a portfolio.',
    stages: 'Customers by lifecycle stage', never: 'not counted yet', counted: (when: string) => `counted ${when}`, count: 'Count now', customers: (n: string) => `${n} customers`,
    definition: 'Onboarding: first payment under 90 days ago. Declining, growing: payments by hand 40% rarer, 28% more frequent than in the months before. Dormant, lapsed: none for 60, 180 days. In arrears: something is past due. Counted once a day.',
    moves: 'Moves between stages, 30 days', from: 'From', to: 'To', new: 'new here', count30: 'Customers', last: 'Latest', noMoves: 'Nobody has moved in the last 30 days.',
    picture: 'The flow between stages, 30 days', pictureSummary: (from: string, to: string, n: string) => `On the left the stage before, on the right the stage after; the widest: ${from} to ${to}, ${n} customers. A stage or a ribbon opens the customers who are there now.`,
    move: (from: string, to: string, n: string) => `${from} to ${to}: ${n}`, openStage: (said: string) => `${said}: open these customers`,
  },
  {
    title: 'Überblick', rate: 'Ereignisse je Sekunde', lag: 'Rückstand des Stroms', scored: 'der heutigen Ereignisse bewertet', deadLetters: 'Ereignisse heute nicht angenommen', signals: 'Signale heute',
    decisions: 'Entscheidungen heute', contacts: 'Kontakte heute', alerts: 'Befunde zu Modellen heute', seconds: (value) => `${value} s`,
    flow: 'Ereignisse je Sekunde, die letzten 30 Minuten', flowSummary: (peak, when) => `Die höchste Rate war ${peak} Ereignisse je Sekunde um ${when}.`,
    noFlow: 'Keine Ereignisse in den letzten Minuten. POST /api/transactions nimmt Zahlungen an; dotnet run --project functions -- --demo bringt einen Bestand.',
    stages: 'Kunden nach Lebensphase', never: 'noch nicht gezählt', counted: (when) => `gezählt ${when}`, count: 'Jetzt zählen', customers: (n) => `${n} Kunden`,
    definition: 'Neu: erste Zahlung vor weniger als 90 Tagen. Nachlassend, wachsend: eigene Zahlungen 40 % seltener, 28 % häufiger als in den Monaten davor. Still, verloren: keine seit 60, 180 Tagen. Im Rückstand: Etwas ist überfällig. Gezählt wird einmal am Tag.',
    moves: 'Wechsel zwischen Phasen, 30 Tage', from: 'Von', to: 'Nach', new: 'neu hier', count30: 'Kunden', last: 'Zuletzt', noMoves: 'In den letzten 30 Tagen hat niemand gewechselt.',
    picture: 'Der Fluss zwischen den Phasen, 30 Tage', pictureSummary: (from, to, n) => `Links die Phase davor, rechts die danach; am breitesten: ${from} nach ${to}, ${n} Kunden. Eine Phase oder ein Band öffnet die Kunden, die jetzt dort sind.`,
    move: (from, to, n) => `${from} nach ${to}: ${n}`, openStage: (said) => `${said}: diese Kunden öffnen`,
  },
);
