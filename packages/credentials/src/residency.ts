import { type ResidenceThresholds, residenceLabels } from './age.ts'
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
import { type TaxClass, taxClass } from './tax-receipt.ts'

/** Claims of a residency credential. */
export type ResidencyClaims = NameClaims & {
  /** A resident is one who can show this, alone. */
  readonly resident: true
  /** Country and at most region: never a street. */
  readonly address: { readonly country: string; readonly region?: string }
  readonly resident_since?: string
  /** Made by `residenceThresholds`. */
  readonly resident_years_equal_or_over: ResidenceThresholds
  readonly tax_class?: TaxClass
  readonly date_of_expiry?: string
  readonly issuing_authority?: string
  readonly evidence: EvidenceClaims
}

/** The claims of residency. */
export function residencyTable(own: OwnTerm): ClaimTable {
  return {
    resident: mandatory(
      { be: 'Мае статус рэзідэнта', en: 'Is a resident' },
      { type: 'boolean', const: true },
      own('resident'),
    ),
    ...nameClaims(own),
    address: object(
      { be: 'Месца жыхарства', en: 'Place of residence' },
      'https://schema.org/address',
      {
        country: mandatory(
          { be: 'Краіна жыхарства', en: 'Country of residence' },
          country,
          'https://schema.org/addressCountry',
        ),
        region: optional(
          { be: 'Рэгіён жыхарства', en: 'Region of residence' },
          text,
          'https://schema.org/addressRegion',
        ),
      },
      { mandatory: true },
    ),
    resident_since: date(
      { be: 'Дата пачатку пражывання', en: 'Resident since' },
      own('residentSince'),
    ),
    resident_years_equal_or_over: thresholds(
      { be: 'Працягласць пражывання', en: 'Length of residence' },
      own('residentYearsEqualOrOver'),
      residenceLabels,
    ),
    tax_class: taxClass(own, { mandatory: false }),
    date_of_expiry: dateOfExpiry(own),
    issuing_authority: issuingAuthority(own),
    evidence: evidenceClaim(own),
  }
}
