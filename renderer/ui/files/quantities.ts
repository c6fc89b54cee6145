import { useMemo } from 'react';
import { useIntl } from 'react-intl';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export interface Quantities {
  /** 3.4 MB */
  bytes(count: number): string;
  /** 1:04, of ms. */
  length(ms: number): string;
}

/** Sizes and lengths as the reader writes them. */
export function useQuantities(): Quantities {
  const intl = useIntl();
  return useMemo(
    () => ({
      bytes: (count) => {
        const step = Math.min(UNITS.length - 1, count < 1 ? 0 : Math.floor(Math.log10(count) / 3));
        const value = count / 1_000 ** step;
        const digits = step === 0 || value >= 100 ? 0 : 1;
        const unit = { style: 'unit', unit: UNITS[step]!, unitDisplay: 'short' } as const;
        return intl.formatNumber(value, { ...unit, maximumFractionDigits: digits });
      },
      length: (ms) => {
        const seconds = Math.max(0, Math.round(ms / 1_000));
        const two = (part: number) => String(part).padStart(2, '0');
        const minutes = Math.floor(seconds / 60);
        return minutes < 60
          ? `${minutes}:${two(seconds % 60)}`
          : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
      },
    }),
    [intl],
  );
}
