import { useLanguage, type Language } from './language';

/** A text, or what makes one from values. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- parameters differ from message to message
type Message = string | ((...values: any[]) => string);

/** The same keys with the same values; a key that one language lacks is a type error. */
type Same<M> = { readonly [K in keyof M]: M[K] extends (...values: infer V) => string ? (...values: V) => string : string };

/** The texts of a page or part in both languages, as a hook. */
export function catalogue<const M extends Record<string, Message>>(en: M, de: Same<M>): () => Same<M> {
  const texts: Record<Language, Same<M>> = { en: en as unknown as Same<M>, de };
  return () => texts[useLanguage()];
}

/** A text outside a page's catalogue, such as a name in the route table. */
export interface Both {
  readonly en: string;
  readonly de: string;
}
