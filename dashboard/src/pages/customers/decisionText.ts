import { catalogue } from '../../i18n/catalogue';

export const useText = catalogue(
  {
    title: 'Decision', close: 'Close the decision', replay: 'Make it again from its record', identical: 'Identical: the same bytes came out.', different: 'It came out otherwise:',
    funnel: 'What was left of the actions, step by step', considered: 'considered', asked: 'asked for, over this channel', notHeldOut: 'not held out or another arm’s', eligible: 'eligible', applicable: 'applicable', suitable: 'suitable, with a value', contactable: 'a contact is allowed', affordable: 'within budget',
    why: 'Why, or why not:', won: 'It was ranked first.', change: 'The smallest change that would let it win', noChange: 'No change can be named:', gate: 'What the contact gate says',
    product: (p: string, c: string, v: string, l: string, r: string) => `propensity ${p} × context ${c} × value ${v} × lever ${l} = priority ${r}`,
    actions: 'Actions', rank: 'Rank', action: 'Action', verdict: 'Verdict', channel: 'Channel', priority: 'Priority', propensity: 'Propensity', value: 'Value', whyNot: 'Why not',
  },
  {
    title: 'Entscheidung', close: 'Entscheidung schließen', replay: 'Aus der Aufzeichnung wiederholen', identical: 'Identisch: Dieselben Bytes kamen heraus.', different: 'Es kam anders heraus:',
    funnel: 'Was von den Aktionen blieb, Schritt für Schritt', considered: 'betrachtet', asked: 'gefragt, über diesen Kanal', notHeldOut: 'nicht zurückgehalten oder fremder Arm', eligible: 'berechtigt', applicable: 'anwendbar', suitable: 'passend, mit einem Wert', contactable: 'ein Kontakt ist erlaubt', affordable: 'im Budget',
    why: 'Warum, oder warum nicht:', won: 'Sie kam auf den ersten Rang.', change: 'Die kleinste Änderung, mit der sie gewänne', noChange: 'Keine Änderung lässt sich nennen:', gate: 'Was die Kontaktprüfung sagt',
    product: (p, c, v, l, r) => `Neigung ${p} × Kontext ${c} × Wert ${v} × Hebel ${l} = Priorität ${r}`,
    actions: 'Aktionen', rank: 'Rang', action: 'Aktion', verdict: 'Urteil', channel: 'Kanal', priority: 'Priorität', propensity: 'Neigung', value: 'Wert', whyNot: 'Warum nicht',
  },
);
