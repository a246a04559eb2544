import type { Label } from './claim-table.ts'

/** The ages of `age_equal_or_over`; the same for everybody, so that no credential stands out. */
export const ages: readonly ['14', '16', '18', '21', '65'] = ['14', '16', '18', '21', '65']
/** The years of `resident_years_equal_or_over`. */
export const residenceYears: readonly ['1', '3', '5', '10'] = ['1', '3', '5', '10']

/** Answers of `age_equal_or_over`. */
export type AgeThresholds = Readonly<Record<(typeof ages)[number], boolean>>
/** Answers of `resident_years_equal_or_over`. */
export type ResidenceThresholds = Readonly<Record<(typeof residenceYears)[number], boolean>>

/**
 * The claim `age_equal_or_over` for a birth date (`YYYY-MM-DD`), as of a day (UTC).
 * Who was born on 29 February turns older on 1 March of other years.
 *
 * @throws TypeError where the birth date is no date
 */
export function ageThresholds(birthdate: string, at: Date): AgeThresholds {
  return reached(birthdate, at, ages)
}

/**
 * The claim `resident_years_equal_or_over` for the day residence began (`YYYY-MM-DD`), as of a day (UTC).
 *
 * @throws TypeError where the first day is no date
 */
export function residenceThresholds(since: string, at: Date): ResidenceThresholds {
  return reached(since, at, residenceYears)
}

function reached<T extends string>(
  from: string,
  at: Date,
  years: readonly T[],
): Readonly<Record<T, boolean>> {
  if (!isDate(from)) throw new TypeError('expected a date as YYYY-MM-DD')
  const day = at.toISOString().slice(0, 10)
  const entries = years.map((count) => {
    const year = String(Number(from.slice(0, 4)) + Number(count)).padStart(4, '0')
    return [count, `${year}${from.slice(4)}` <= day] as const
  })
  return Object.fromEntries(entries) as Record<T, boolean>
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** Labels of the ages. */
export const ageLabels: Readonly<Record<(typeof ages)[number], Label>> = {
  '14': { be: '14 гадоў або больш', en: '14 or older' },
  '16': { be: '16 гадоў або больш', en: '16 or older' },
  '18': { be: '18 гадоў або больш', en: '18 or older' },
  '21': { be: '21 год або больш', en: '21 or older' },
  '65': { be: '65 гадоў або больш', en: '65 or older' },
}

/** Labels of the years of residence. */
export const residenceLabels: Readonly<Record<(typeof residenceYears)[number], Label>> = {
  '1': { be: 'Жыве тут 1 год або больш', en: 'Resident for 1 year or more' },
  '3': { be: 'Жыве тут 3 гады або больш', en: 'Resident for 3 years or more' },
  '5': { be: 'Жыве тут 5 гадоў або больш', en: 'Resident for 5 years or more' },
  '10': { be: 'Жыве тут 10 гадоў або больш', en: 'Resident for 10 years or more' },
}
