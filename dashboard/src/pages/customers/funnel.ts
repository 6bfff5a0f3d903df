/** Where an action falls out, in the order in which a decision asks. */
const steps = [
  { name: 'considered', out: [] },
  { name: 'asked', out: ['notAsked', 'wrongChannel'] },
  { name: 'notHeldOut', out: ['heldOut', 'otherArm', 'profilingObjection'] },
  { name: 'eligible', out: ['notEligible'] },
  { name: 'applicable', out: ['notApplicable'] },
  { name: 'suitable', out: ['notSuitable', 'noValue'] },
  { name: 'contactable', out: ['noContact'] },
  { name: 'affordable', out: ['noBudget'] },
] as const;

export interface FunnelStep {
  readonly name: (typeof steps)[number]['name'];
  /** Actions that are left behind the step. */
  readonly left: number;
}

export function funnelOf(actions: readonly { readonly verdict: string }[]): FunnelStep[] {
  let left = actions.length;
  return steps.map(({ name, out }) => {
    left -= actions.filter((action) => (out as readonly string[]).includes(action.verdict)).length;
    return { name, left };
  });
}
