import { catalogue } from '../../i18n/catalogue';

export const useText = catalogue(
  {
    title: 'Messages', waiting: 'Messages that wait for a person', none: 'Nothing waits: every message was proven by the checks.', message: 'Message', customer: 'Customer', template: 'Template', channel: 'Channel', language: 'Language', purpose: 'Purpose', open: (id: string) => `Look at ${id}`, close: 'Close',
    subject: 'Subject', body: 'Text', why: 'Why', approve: 'Approve', reject: 'Reject', fourEyes: 'Somebody else than who had it written decides.',
    proof: 'The proof', nothingToProve: 'The text says nothing that needs a proof: no number, day, name or link.', said: 'In the text', place: 'Place', check: 'Check', provenBy: 'Proven by', briefSays: 'What the brief says', refused: 'Refused',
    by: (member: string, value: string) => (value === '' ? `Proven by ${member}` : `Proven by ${member}: ${value}`),
    reasons: 'It waits because', vulnerable: 'the customer is in a vulnerable state', sample: 'it is one of the share that is looked at', newWords: 'a language model wrote words that nobody has approved',
    find: 'Another message', look: 'Prove it again', attempts: 'All attempts, proven again', attempt: (n: number, source: string) => `Attempt ${n}: ${source}`, identical: 'Every verdict is what it was.', different: 'A verdict is not what it was: the checks have changed since.', noText: 'No text came',
    Template: 'the template', Model: 'the language model', Reused: 'words already approved or proven',
  },
  {
    title: 'Nachrichten', waiting: 'Nachrichten, die auf einen Menschen warten', none: 'Nichts wartet: Jede Nachricht haben die Prüfungen bewiesen.', message: 'Nachricht', customer: 'Kunde', template: 'Vorlage', channel: 'Kanal', language: 'Sprache', purpose: 'Zweck', open: (id) => `${id} ansehen`, close: 'Schließen',
    subject: 'Betreff', body: 'Text', why: 'Warum', approve: 'Freigeben', reject: 'Ablehnen', fourEyes: 'Es entscheidet jemand anderes als der, der sie schreiben ließ.',
    proof: 'Der Beweis', nothingToProve: 'Der Text sagt nichts, was bewiesen werden müsste: keine Zahl, keinen Tag, keinen Namen, keinen Link.', said: 'Im Text', place: 'Stelle', check: 'Prüfung', provenBy: 'Bewiesen durch', briefSays: 'Was der Auftrag sagt', refused: 'Abgelehnt',
    by: (member, value) => (value === '' ? `Bewiesen durch ${member}` : `Bewiesen durch ${member}: ${value}`),
    reasons: 'Sie wartet, denn', vulnerable: 'der Kunde ist schutzbedürftig', sample: 'sie gehört zum Anteil, der angesehen wird', newWords: 'ein Sprachmodell schrieb Worte, die niemand freigegeben hat',
    find: 'Eine andere Nachricht', look: 'Neu beweisen', attempts: 'Alle Versuche, neu bewiesen', attempt: (n, source) => `Versuch ${n}: ${source}`, identical: 'Jedes Urteil ist, was es war.', different: 'Ein Urteil ist nicht mehr, was es war: Die Prüfungen haben sich geändert.', noText: 'Es kam kein Text',
    Template: 'die Vorlage', Model: 'das Sprachmodell', Reused: 'Worte, die schon freigegeben oder bewiesen sind',
  },
);
