import { useMemo } from 'react';
import { useLanguage } from './language';

const locales = { en: 'en-GB', de: 'de-DE' } as const;

/** Numbers, money and times as the chosen language writes them. */
export function useFormat() {
  const language = useLanguage();
  return useMemo(() => {
    const locale = locales[language];
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
    const score = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
    const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
    const read = (value: string | number | Date) => new Date(value);
    return {
      language,
      number: (value: number) => number.format(value),
      whole: (value: number) => whole.format(value),
      compact: (value: number) => compact.format(value),
      /** A score, a probability, an effect: three digits that count. */
      score: (value: number) => score.format(value),
      /** A share from 0 to 1. */
      percent: (value: number) => percent.format(value),
      money: (value: number, currency: string) => new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value),
      time: (value: string | number | Date) => time.format(read(value)),
      clock: (value: string | number | Date) => clock.format(read(value)),
      day: (value: string | number | Date) => day.format(read(value)),
      /** How long ago, or how long until. */
      ago(value: string | number | Date, now: number = Date.now()): string {
        const seconds = (read(value).getTime() - now) / 1000;
        const steps: [Intl.RelativeTimeFormatUnit, number][] = [['second', 60], ['minute', 60], ['hour', 24], ['day', 30.4], ['month', 12], ['year', Infinity]];
        let amount = seconds;
        for (const [unit, size] of steps) {
          if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
          amount /= size;
        }
        return '';
      },
    };
  }, [language]);
}
