/** The parts of the 360° view that openapi.json leaves open. */
export interface Score {
  readonly value: number | null;
  readonly change30d: number | null;
  readonly history: readonly { readonly day: string; readonly value: number }[];
  readonly meaning: string;
  /** Of a model's score. */
  readonly model?: string;
  readonly reasons?: readonly { readonly feature: string; readonly phrase: string; readonly value: number | null; readonly effect: number }[];
  readonly cut?: number;
  readonly raised?: boolean;
}

export interface Happening {
  readonly id?: string;
  readonly name?: string;
  readonly at: string;
  readonly meaning?: string;
  readonly observed?: number;
  readonly reference?: number;
  readonly [more: string]: unknown;
}

export interface Customer {
  readonly customerId: string;
  readonly asOf: string;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly features: Readonly<Record<string, number | null>>;
  readonly scores: Readonly<Record<string, Score>>;
  readonly consents: readonly Happening[];
  readonly signals: readonly Happening[];
  readonly lifecycle: readonly Happening[];
  readonly outcomes: readonly Happening[];
  readonly decisions: readonly (Happening & { readonly id: string; readonly action?: string | null; readonly channel?: string | null; readonly strategy: string })[];
  readonly replies: readonly Happening[];
  readonly journeys: readonly Readonly<Record<string, unknown>>[];
  readonly debts: readonly Readonly<Record<string, unknown>>[];
  readonly cases: readonly Happening[];
  readonly contacts: readonly (Happening & { readonly channel: string; readonly purpose: string; readonly status: string })[];
}

export interface Message {
  readonly messageId: string;
  readonly at: string;
  readonly gateway: string;
  readonly purpose: string;
  readonly status: string;
  readonly subject?: string | null;
  readonly body?: string | null;
  readonly reason?: string | null;
}
