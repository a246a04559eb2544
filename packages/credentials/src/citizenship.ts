import { type AgeThresholds, ageLabels } from './age.ts'
import {
  country,
  date,
  dateOfExpiry,
  issuingAuthority,
  mandatory,
  type OwnTerm,
  object,
  optional,
  text,
  thresholds,
} from './claim-kinds.ts'
import type { ClaimTable } from './claim-table.ts'
import { type EvidenceClaims, evidenceClaim } from './evidence.ts'
import { type NameClaims, nameClaims } from './person.ts'

/** Claims of a citizenship credential. */
export type CitizenshipClaims = NameClaims & {
  /** A citizen is one who can show this, alone. */
  readonly citizen: true
  readonly birthdate?: string
  readonly place_of_birth?: {
    readonly country?: string
    readonly region?: string
    readonly locality?: string
  }
  /** What states hold the person to be, as alpha-2 codes: something else than `citizen`. */
  readonly nationalities?: readonly string[]
  /** Made by `ageThresholds`. */
  readonly age_equal_or_over: AgeThresholds
  readonly date_of_expiry?: string
  readonly issuing_authority?: string
  readonly evidence: EvidenceClaims
}

/** The claims of citizenship. */
export function citizenshipTable(own: OwnTerm): ClaimTable {
  return {
    citizen: mandatory(
      { be: 'Мае грамадзянства', en: 'Is a citizen' },
      { type: 'boolean', const: true },
      own('citizen'),
    ),
    ...nameClaims(own),
    birthdate: date({ be: 'Дата нараджэння', en: 'Date of birth' }, 'https://schema.org/birthDate'),
    place_of_birth: object(
      { be: 'Месца нараджэння', en: 'Place of birth' },
      'https://schema.org/birthPlace',
      {
        country: optional(
          { be: 'Краіна нараджэння', en: 'Country of birth' },
          country,
          'https://schema.org/addressCountry',
        ),
        region: optional(
          { be: 'Рэгіён нараджэння', en: 'Region of birth' },
          text,
          'https://schema.org/addressRegion',
        ),
        locality: optional(
          { be: 'Населены пункт нараджэння', en: 'Locality of birth' },
          text,
          'https://schema.org/addressLocality',
        ),
      },
      { mandatory: false },
    ),
    nationalities: {
      ...optional(
        { be: 'Дзяржаўныя прыналежнасці', en: 'Nationalities' },
        { type: 'array', minItems: 1, maxItems: 8, items: country },
        'https://schema.org/nationality',
        { '@container': '@set' },
      ),
      elements: { be: 'Дзяржаўная прыналежнасць', en: 'Nationality' },
    },
    age_equal_or_over: thresholds(
      { be: 'Узроставыя парогі', en: 'Age thresholds' },
      own('ageEqualOrOver'),
      ageLabels,
    ),
    date_of_expiry: dateOfExpiry(own),
    issuing_authority: issuingAuthority(own),
    evidence: evidenceClaim(own),
  }
}
