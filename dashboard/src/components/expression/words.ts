import { catalogue } from '../../i18n/catalogue';

/** Texts of the expression editor. */
export const useWords = catalogue(
  {
    completion: 'Names and functions. Arrow keys choose, Enter takes, Escape closes, Ctrl and the space bar open.', offered: (n: number) => (n === 0 ? 'No name begins so.' : `${n} ${n === 1 ? 'name' : 'names'}; arrow down chooses.`),
    type: (type: string) => `Type: ${type}.`, fits: 'It can be used here.', position: (n: number) => `Position ${n}`, findings: (label: string) => `Findings in ${label}`,
    ofCustomer: (customer: string, value: string) => `For ${customer}: ${value}.`, unknown: (why: string) => (why === '' ? 'unknown' : `unknown (${why})`), error: (why: string) => `an error (${why})`,
    reads: (label: string) => `What ${label} reads`, name: 'Name', value: 'Value', unit: 'Unit', meaning: 'Meaning',
  },
  {
    completion: 'Namen und Funktionen. Pfeiltasten wählen, Enter übernimmt, Escape schließt, Strg und Leertaste öffnen.', offered: (n) => (n === 0 ? 'Kein Name beginnt so.' : `${n} ${n === 1 ? 'Name' : 'Namen'}; Pfeil nach unten wählt.`),
    type: (type) => `Typ: ${type}.`, fits: 'Er passt hierher.', position: (n) => `Position ${n}`, findings: (label) => `Befunde in ${label}`,
    ofCustomer: (customer, value) => `Für ${customer}: ${value}.`, unknown: (why) => (why === '' ? 'unbekannt' : `unbekannt (${why})`), error: (why) => `ein Fehler (${why})`,
    reads: (label) => `Was ${label} liest`, name: 'Name', value: 'Wert', unit: 'Einheit', meaning: 'Bedeutung',
  },
);
