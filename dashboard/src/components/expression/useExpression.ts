import { useEffect, useState } from 'react';
import { Failure, api, dataOf } from '../../api/client';
import { usePermission } from '../../api/session';
import type { Offer } from './completion';

/** Where an expression stands, and so which names it can speak of. */
export type Place = 'strategy' | 'journey';
export type Use = 'any' | 'condition' | 'amount';

/** Milliseconds without a key before an expression is checked. */
const pause = 300;

const ask = (place: Place, use: Use, expression: string, customerId: string, signal: AbortSignal) =>
  dataOf(api.POST('/expressions/check', { body: { place, use, expression, ...(customerId === '' ? {} : { customerId }) }, signal }));

export type Check = Awaited<ReturnType<typeof ask>>;
export type SampleValue = NonNullable<Check['value']>;

interface Answer {
  readonly question: string;
  readonly check: Check | null;
  readonly failure: unknown;
}

/**
 * Has the server check an expression whenever the keys rest.
 * @param customerId whose values are wanted; empty for nobody's.
 * @returns null while it is being checked, for an empty expression, and where the person's roles do not allow it.
 */
export function useExpression(place: Place, use: Use, expression: string, customerId: string): Omit<Answer, 'question'> {
  const { allowed } = usePermission('CheckExpression');
  const [answer, setAnswer] = useState<Answer>({ question: '', check: null, failure: null });
  const question = JSON.stringify([place, use, expression, customerId]);
  const isAsked = allowed && expression.trim() !== '';
  useEffect(() => {
    if (!isAsked) return;
    const over = new AbortController();
    const timer = window.setTimeout(() => {
      const shown = (check: Check | null, failure: unknown) => {
        if (!over.signal.aborted) setAnswer({ question, check, failure });
      };
      ask(place, use, expression, customerId, over.signal).then((check) => shown(check, null), async (failure: unknown) => {
        // The expression is what it is, whether the sample customer is known or not.
        const isNobody = failure instanceof Failure && failure.status === 404 && customerId !== '';
        shown(isNobody ? await ask(place, use, expression, '', over.signal).catch(() => null) : null, failure);
      });
    }, pause);
    return () => {
      over.abort();
      window.clearTimeout(timer);
    };
  }, [place, use, expression, customerId, question, isAsked]);
  return isAsked && answer.question === question ? answer : { check: null, failure: null };
}

const listed = new Map<Place, Promise<readonly Offer[]>>();

async function list(place: Place): Promise<readonly Offer[]> {
  const { names, functions } = await dataOf(api.GET('/expressions/names', { params: { query: { place } } }));
  return [
    ...names.map(({ name, type, unit, meaning }) => ({ name, type, about: [unit, meaning].filter((each) => each !== null).join(' · '), isFunction: false })),
    ...functions.map(({ name, signature }) => ({ name, type: signature.slice(name.length), about: '', isFunction: true })),
  ];
}

/** What expressions of a place can speak of, asked for once. Without an answer there is no completion; the check still says what is wrong. */
export function useOffers(place: Place): readonly Offer[] {
  const { allowed } = usePermission('ListExpressionNames');
  const [offers, setOffers] = useState<readonly Offer[]>([]);
  useEffect(() => {
    if (!allowed) return;
    let isOver = false;
    const asked = listed.get(place) ?? list(place);
    listed.set(place, asked);
    asked.then((found) => {
      if (!isOver) setOffers(found);
    }, () => listed.delete(place));
    return () => {
      isOver = true;
    };
  }, [place, allowed]);
  return offers;
}
