import { catalogue } from '../../i18n/catalogue';

export const useText = catalogue(
  {
    title: 'Operations', sections: 'Parts of operations', letters: 'Dead letters', timers: 'Timers', clock: 'Clock',
    hub: 'Stream', show: 'Show', openOnes: 'not sent again', all: 'all', id: 'Id', field: 'Field', reason: 'Reason', came: 'Came', resent: 'Sent again', correct: 'Correct', look: 'Look',
    none: 'No event waits here: everything that came could be taken.', editor: (id: string) => `Event ${id}`, body: 'The event, as it came (card numbers tokenised)', resend: 'Send it again', sent: 'It is in the stream again, and scored within a second.',
    notJson: (why: string) => `Not JSON yet: ${why}`, isJson: 'It is JSON.', restore: 'Back to what came', kept: 'Your text is kept in this window until it is sent.', close: 'Close',
    schedule: 'Schedule (s min h d m wd)', name: 'Function', fire: 'Run now', fired: (name: string) => `${name} is running.`, masterKey: 'Master key of the emulator', masterHint: 'In .clm/keys.json. It stays on this page and is not kept.', azureTimers: 'In Azure a function is run by hand in the portal.',
    now: 'The clock stands at', by: 'Move it on by', day: '1 day', week: '1 week', month: '30 days', move: 'Move', moved: (n: string) => `Moved; ${n} things were due on the way.`, noClock: 'The clock is the machine’s. Start the emulator with --virtual-clock to move it.', azureClock: 'Only the emulator’s clock can be moved.', ask: 'Ask the clock',
  },
  {
    title: 'Betrieb', sections: 'Teile des Betriebs', letters: 'Nicht angenommene Ereignisse', timers: 'Zeitgeber', clock: 'Uhr',
    hub: 'Strom', show: 'Zeigen', openOnes: 'nicht erneut gesendete', all: 'alle', id: 'Id', field: 'Feld', reason: 'Grund', came: 'Gekommen', resent: 'Erneut gesendet', correct: 'Berichtigen', look: 'Ansehen',
    none: 'Hier wartet kein Ereignis: Alles, was kam, konnte angenommen werden.', editor: (id) => `Ereignis ${id}`, body: 'Das Ereignis, wie es kam (Kartennummern ersetzt)', resend: 'Erneut senden', sent: 'Es ist wieder im Strom und binnen einer Sekunde bewertet.',
    notJson: (why) => `Noch kein JSON: ${why}`, isJson: 'Es ist JSON.', restore: 'Zurück zu dem, was kam', kept: 'Ihr Text bleibt in diesem Fenster, bis er gesendet ist.', close: 'Schließen',
    schedule: 'Zeitplan (s min h T M WT)', name: 'Funktion', fire: 'Jetzt ausführen', fired: (name) => `${name} läuft.`, masterKey: 'Hauptschlüssel des Emulators', masterHint: 'In .clm/keys.json. Er bleibt auf dieser Seite und wird nicht behalten.', azureTimers: 'In Azure wird eine Funktion im Portal von Hand ausgeführt.',
    now: 'Die Uhr steht auf', by: 'Vorstellen um', day: '1 Tag', week: '1 Woche', month: '30 Tage', move: 'Vorstellen', moved: (n) => `Vorgestellt; ${n} Dinge waren unterwegs fällig.`, noClock: 'Die Uhr ist die des Rechners. Starten Sie den Emulator mit --virtual-clock, um sie zu stellen.', azureClock: 'Nur die Uhr des Emulators lässt sich stellen.', ask: 'Uhr fragen',
  },
);
