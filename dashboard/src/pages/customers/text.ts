import { catalogue } from '../../i18n/catalogue';

export const useText = catalogue(
  {
    title: 'Customers', stage: 'Lifecycle stage', all: 'all', prefix: 'Customer id starts with', open: 'Open exactly this id', since: 'Found there', customer: 'Customer', found: 'Customers found',
    none: 'No customer matches. The list is of the last count (Overview, Count now); an id opens at once with the button.', more: 'There are more than a thousand: type more of the id.',
    back: 'All customers', asOf: (when: string) => `as of ${when}`, sections: 'Parts of the customer’s view', timeline: 'Timeline', scores: 'Scores', features: 'Features', profile: 'Profile and consents', trail: 'Audit trail',
    kind: 'Kind', everything: 'everything', when: 'When', what: 'What', detail: 'Detail', emptyTimeline: 'Nothing has happened yet. Send a payment or an event of this customer.',
    signal: 'Signal', lifecycle: 'Life event', outcome: 'Outcome', decision: 'Decision', journey: 'Journey', message: 'Message', reply: 'Reply', contact: 'Contact', consent: 'Consent', case: 'Case', debts: 'Debts', pastDue: 'Past due', days: 'Days past due', balance: 'Balance', debtStage: 'Stage', noDebts: 'Nothing is owed.', export: 'Export all that is held',
    score: 'Score', value: 'Value', change: 'Change in 30 days', model: 'Model', alert: 'Alert', raised: 'raised', meaning: 'Meaning', reasons: 'What moved it', noReasons: 'A formula: its meaning is above.', overTime: (name: string) => `${name} over time`,
    history: (from: string, to: string, n: number) => `From ${from} to ${to}, at ${n} times.`, feature: 'Feature', noScores: 'No score yet: they come with the first payment.',
    name: 'Name', noDecision: 'No decision was made of this customer yet.', chain: (whole: boolean) => (whole ? 'The chain is whole.' : 'The chain is broken.'), hash: 'Hash', sequence: 'No.', noTrail: 'Nothing is recorded yet.', mayNot: 'Not shown:',
  },
  {
    title: 'Kunden', stage: 'Lebensphase', all: 'alle', prefix: 'Kundennummer beginnt mit', open: 'Genau diese Nummer öffnen', since: 'Dort gefunden', customer: 'Kunde', found: 'Gefundene Kunden',
    none: 'Kein Kunde passt. Die Liste ist die der letzten Zählung (Überblick, Jetzt zählen); eine Nummer öffnet die Schaltfläche sofort.', more: 'Es sind mehr als tausend: Tippen Sie mehr von der Nummer.',
    back: 'Alle Kunden', asOf: (when) => `Stand ${when}`, sections: 'Teile der Kundensicht', timeline: 'Verlauf', scores: 'Bewertungen', features: 'Merkmale', profile: 'Profil und Einwilligungen', trail: 'Prüfspur',
    kind: 'Art', everything: 'alles', when: 'Wann', what: 'Was', detail: 'Einzelheiten', emptyTimeline: 'Noch ist nichts geschehen. Senden Sie eine Zahlung oder ein Ereignis dieses Kunden.',
    signal: 'Signal', lifecycle: 'Lebensereignis', outcome: 'Ergebnis', decision: 'Entscheidung', journey: 'Journey', message: 'Nachricht', reply: 'Antwort', contact: 'Kontakt', consent: 'Einwilligung', case: 'Fall', debts: 'Schulden', pastDue: 'Überfällig', days: 'Tage überfällig', balance: 'Saldo', debtStage: 'Stufe', noDebts: 'Nichts ist offen.', export: 'Alles Gespeicherte ausgeben',
    score: 'Bewertung', value: 'Wert', change: 'Änderung in 30 Tagen', model: 'Modell', alert: 'Alarm', raised: 'ausgelöst', meaning: 'Bedeutung', reasons: 'Was ihn bewegt hat', noReasons: 'Eine Formel: Ihre Bedeutung steht oben.', overTime: (name) => `${name} im Verlauf`,
    history: (from, to, n) => `Von ${from} bis ${to}, zu ${n} Zeitpunkten.`, feature: 'Merkmal', noScores: 'Noch keine Bewertung: Sie kommen mit der ersten Zahlung.',
    name: 'Name', noDecision: 'Für diesen Kunden wurde noch nichts entschieden.', chain: (whole) => (whole ? 'Die Kette ist vollständig.' : 'Die Kette ist gebrochen.'), hash: 'Prüfsumme', sequence: 'Nr.', noTrail: 'Noch ist nichts aufgezeichnet.', mayNot: 'Nicht gezeigt:',
  },
);
