import { catalogue } from './catalogue';

/** Names of lifecycle stages, by their names in the API. */
export const useStageNames = catalogue(
  {
    prospect: 'Prospect', onboarding: 'Onboarding', growing: 'Growing', established: 'Established', declining: 'Declining', dormant: 'Dormant', lapsed: 'Lapsed', arrears: 'In arrears',
  },
  {
    prospect: 'Interessent', onboarding: 'Neu', growing: 'Wachsend', established: 'Gefestigt', declining: 'Nachlassend', dormant: 'Still', lapsed: 'Verloren', arrears: 'Im Rückstand',
  },
);

export const stages = ['prospect', 'onboarding', 'growing', 'established', 'declining', 'dormant', 'lapsed', 'arrears'] as const;

export type Stage = (typeof stages)[number];
