import { catalogue } from '../../../i18n/catalogue';

/** Texts of a strategy's table, panel and tree. */
export const useWords = catalogue(
  {
    actions: 'Actions', none: 'There is no action yet. Write one in the text below.', notJson: 'The text is not JSON yet; the table shows it as it last was.', sample: 'Sample customer', sampleHint: 'Id of a customer, to see their values beside each expression', look: 'Look',
    id: 'Action', kind: 'Kind', stage: 'Stage', channels: 'Channels', prior: 'Prior', findings: 'Findings', edit: (id: string) => `Edit ${id}`, close: 'Close', panel: (id: string) => `Action ${id}`, atAction: 'Findings at this action', noRules: 'An action of kind none does nothing and has rules only.',
    eligibility: 'Eligibility', applicability: 'Applicability', suitability: 'Suitability', rules: 'Rules: who may be offered it', value: 'Value: amounts when it is accepted', margin: 'Margin', expectedLoss: 'Expected loss', lifetime: 'Lifetime value', experience: 'Experience', context: 'Context factor',
    tree: 'Decision tree', treeHint: 'Each action goes down these steps and ends at the first that does not hold; unknown does not hold.', every: (n: number) => `${n} ${n === 1 ? 'action competes' : 'actions compete'}`, group: (stage: string, n: number) => `${stage} (${n})`, noStage: 'no stage', always: 'always', otherwise: (verdict: string) => `otherwise it ends: ${verdict}`,
    gate: 'Contact gate and budgets allow it', worth: 'Value', rank: 'Rank', ranked: (propensity: string, context: string, lever: string) => `priority = propensity ${propensity} × context ${context} × value × lever ${lever} − cost; the largest is chosen`, model: (name: string, prior: string) => `of scores.${name}, else ${prior}`, nothing: 'priority 0: it is chosen where no other is worth more', yes: 'yes', no: 'no', forCustomer: (customer: string, answer: string) => `${customer}: ${answer}`,
  },
  {
    actions: 'Aktionen', none: 'Es gibt noch keine Aktion. Schreiben Sie eine in den Text darunter.', notJson: 'Der Text ist noch kein JSON; die Tabelle zeigt den letzten Stand.', sample: 'Beispielkunde', sampleHint: 'Id eines Kunden, um seine Werte neben jedem Ausdruck zu sehen', look: 'Ansehen',
    id: 'Aktion', kind: 'Art', stage: 'Phase', channels: 'Kanäle', prior: 'Vorannahme', findings: 'Befunde', edit: (id) => `${id} bearbeiten`, close: 'Schließen', panel: (id) => `Aktion ${id}`, atAction: 'Befunde an dieser Aktion', noRules: 'Eine Aktion der Art none tut nichts und hat nur Regeln.',
    eligibility: 'Berechtigung', applicability: 'Anwendbarkeit', suitability: 'Eignung', rules: 'Regeln: Wem sie angeboten werden darf', value: 'Wert: Beträge, wenn sie angenommen wird', margin: 'Marge', expectedLoss: 'Erwarteter Verlust', lifetime: 'Lebenszeitwert', experience: 'Erlebnis', context: 'Kontextfaktor',
    tree: 'Entscheidungsbaum', treeHint: 'Jede Aktion geht diese Schritte hinab und endet am ersten, der nicht gilt; unbekannt gilt nicht.', every: (n) => `${n} ${n === 1 ? 'Aktion tritt an' : 'Aktionen treten an'}`, group: (stage, n) => `${stage} (${n})`, noStage: 'ohne Phase', always: 'immer', otherwise: (verdict) => `sonst endet sie: ${verdict}`,
    gate: 'Kontaktprüfung und Budgets erlauben sie', worth: 'Wert', rank: 'Rang', ranked: (propensity, context, lever) => `Priorität = Neigung ${propensity} × Kontext ${context} × Wert × Hebel ${lever} − Kosten; die größte wird gewählt`, model: (name, prior) => `aus scores.${name}, sonst ${prior}`, nothing: 'Priorität 0: gewählt, wo keine andere mehr wert ist', yes: 'ja', no: 'nein', forCustomer: (customer, answer) => `${customer}: ${answer}`,
  },
);
