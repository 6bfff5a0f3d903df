import { catalogue } from '../../i18n/catalogue';

export const useText = catalogue(
  {
    title: 'Documents', intro: 'Strategies, policies, journeys, templates and experiments are documents: a draft is written and checked, submitted, and approved by somebody else.',
    collection: 'Kind', id: 'Id', inForce: 'In force', last: 'Last version', status: 'Status of the last', none: 'There is no document of this kind yet. Type an id and open it to write the first.', open: 'Open', idHint: 'small letters, digits and hyphens', back: (name: string) => `All ${name}`,
    parts: 'Parts of the document', edit: 'Edit', difference: 'Difference and approval', history: 'History', simulation: 'What if',
    text: 'The document as JSON', notJson: (why: string) => `Not JSON yet: ${why}`, checking: 'Being checked…', valid: 'It is valid.', findings: 'Findings', path: 'Place', reason: 'Reason', warning: 'warning', error: 'error',
    why: 'Why (for the history)', save: 'Save the draft', saved: 'The draft is saved.', kept: 'Your text is kept in this window until it is saved.', discard: 'Discard my text', newDraft: (version: number) => `You write version ${version}.`,
    conflict: 'Somebody else has saved this draft meanwhile. Nothing of yours is lost: compare both and choose.', mine: 'Mine', theirs: 'Theirs, as saved', takeTheirs: 'Take theirs', keepMine: 'Save mine in its place',
    changes: (version: number, against: string) => `Version ${version} against ${against}`, nothing: 'nothing', kind: 'Kind', from: 'Before', to: 'After', noChanges: 'Nothing differs.', compare: 'Two versions', before_: 'Before', after_: 'After',
    submit: 'Submit', approve: 'Approve', reject: 'Reject', done: 'Done.', noStep: 'Nothing is open: the last version is decided.', fourEyes: 'Who wrote or submitted a version cannot approve it.',
    version: 'Version', step: 'Step', by: 'By', at: 'At', loading: 'Loading…',
    customers: 'Customers of the sample', simulate: 'Simulate', measure: 'Measure', before: 'In force', after: 'This version', difference_: 'Difference', sampled: (n: string, population: string, changed: string) => `${n} sampled of about ${population}; ${changed} would be offered something else.`,
    decided: 'decided', offersNothing: 'offered nothing', accepted: 'accepted, expected', revenue: 'revenue, expected', expectedLoss: 'loss, expected', contactCost: 'cost of contacts', customer: 'Customer', examples: 'Who would be offered something else',
  },
  {
    title: 'Dokumente', intro: 'Strategien, Richtlinien, Journeys, Vorlagen und Experimente sind Dokumente: Ein Entwurf wird geschrieben und geprüft, eingereicht und von jemand anderem freigegeben.',
    collection: 'Art', id: 'Id', inForce: 'In Kraft', last: 'Letzte Version', status: 'Stand der letzten', none: 'Es gibt noch kein Dokument dieser Art. Tippen Sie eine Id und öffnen Sie sie, um das erste zu schreiben.', open: 'Öffnen', idHint: 'kleine Buchstaben, Ziffern und Bindestriche', back: (name) => `Alle ${name}`,
    parts: 'Teile des Dokuments', edit: 'Bearbeiten', difference: 'Unterschied und Freigabe', history: 'Geschichte', simulation: 'Was wäre wenn',
    text: 'Das Dokument als JSON', notJson: (why) => `Noch kein JSON: ${why}`, checking: 'Wird geprüft …', valid: 'Es ist gültig.', findings: 'Befunde', path: 'Stelle', reason: 'Grund', warning: 'Warnung', error: 'Fehler',
    why: 'Warum (für die Geschichte)', save: 'Entwurf sichern', saved: 'Der Entwurf ist gesichert.', kept: 'Ihr Text bleibt in diesem Fenster, bis er gesichert ist.', discard: 'Meinen Text verwerfen', newDraft: (version) => `Sie schreiben Version ${version}.`,
    conflict: 'Jemand anderes hat diesen Entwurf inzwischen gesichert. Von Ihrem Text geht nichts verloren: Vergleichen Sie beide und wählen Sie.', mine: 'Meiner', theirs: 'Der andere, wie gesichert', takeTheirs: 'Den anderen nehmen', keepMine: 'Meinen an seiner Stelle sichern',
    changes: (version, against) => `Version ${version} gegen ${against}`, nothing: 'nichts', kind: 'Art', from: 'Vorher', to: 'Nachher', noChanges: 'Es gibt keinen Unterschied.', compare: 'Zwei Versionen', before_: 'Vorher', after_: 'Nachher',
    submit: 'Einreichen', approve: 'Freigeben', reject: 'Ablehnen', done: 'Erledigt.', noStep: 'Nichts ist offen: Über die letzte Version ist entschieden.', fourEyes: 'Wer eine Version geschrieben oder eingereicht hat, kann sie nicht freigeben.',
    version: 'Version', step: 'Schritt', by: 'Von', at: 'Am', loading: 'Wird geladen …',
    customers: 'Kunden der Stichprobe', simulate: 'Simulieren', measure: 'Maß', before: 'In Kraft', after: 'Diese Version', difference_: 'Unterschied', sampled: (n, population, changed) => `${n} von etwa ${population} in der Stichprobe; ${changed} bekämen etwas anderes angeboten.`,
    decided: 'entschieden', offersNothing: 'nichts angeboten', accepted: 'angenommen, erwartet', revenue: 'Ertrag, erwartet', expectedLoss: 'Verlust, erwartet', contactCost: 'Kosten der Kontakte', customer: 'Kunde', examples: 'Wer etwas anderes angeboten bekäme',
  },
);
