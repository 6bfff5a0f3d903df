import { catalogue } from '../../i18n/catalogue';

export const useText = catalogue(
  {
    title: 'Models', model: 'Model', champion: 'Champion', challengers: 'Challengers', kind: 'Kind', purpose: 'Purpose', signal: 'Signal', none: 'There is no model.', back: 'All models', metrics: (version: number) => `Measures of version ${version}, out of sample and out of time`, metric: 'Measure', value: 'Value', interval: '95% interval',
    limits: 'Limits', training: 'Training', history: 'What was live when, and why', noHistory: 'The shipped version is live and was never changed.', at: 'At', action: 'Step', version: 'Version', by: 'By', reason: 'Why', promote: (version: number) => `Promote version ${version}`, rollBack: 'Roll back', noChallengers: 'No challenger scores along.', done: 'Done.',
  },
  {
    title: 'Modelle', model: 'Modell', champion: 'Champion', challengers: 'Herausforderer', kind: 'Art', purpose: 'Zweck', signal: 'Signal', none: 'Es gibt kein Modell.', back: 'Alle Modelle', metrics: (version) => `Maße der Version ${version}, außerhalb von Stichprobe und Zeit`, metric: 'Maß', value: 'Wert', interval: '95-%-Intervall',
    limits: 'Grenzen', training: 'Training', history: 'Was wann in Kraft war, und warum', noHistory: 'Die mitgelieferte Version ist in Kraft und wurde nie gewechselt.', at: 'Am', action: 'Schritt', version: 'Version', by: 'Von', reason: 'Warum', promote: (version) => `Version ${version} befördern`, rollBack: 'Zurückrollen', noChallengers: 'Kein Herausforderer bewertet mit.', done: 'Erledigt.',
  },
);
