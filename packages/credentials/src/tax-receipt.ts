import { issuingAuthority, mandatory, type OwnTerm, optional } from './claim-kinds.ts'
import type { Claim, ClaimTable } from './claim-table.ts'

/** What kind of contributor a person is. */
export type TaxClass = 'exempt' | 'reduced' | 'standard' | 'additional'

/** Claims of a tax receipt: that a contribution was made, not by whom. */
export type TaxReceiptClaims = {
  /** Calendar year. */
  readonly tax_year: number
  readonly tax_class: TaxClass
  readonly contribution_status: 'settled' | 'partial' | 'deferred'
  /**
   * 32 random bytes in base64url, new for every tax year; never derived from a
   * number that a state gave to the person.
   */
  readonly taxpayer_pseudonym?: string
  readonly issuing_authority?: string
}

/** The claim `tax_class`, of tax receipts and residency alike. */
export function taxClass(own: OwnTerm, options: { readonly mandatory: boolean }): Claim {
  const claim = optional(
    { be: 'Падатковая катэгорыя', en: 'Tax class' },
    { type: 'string', enum: ['exempt', 'reduced', 'standard', 'additional'] },
    own('taxClass'),
  )
  return { ...claim, mandatory: options.mandatory }
}

/** The claims of a tax receipt. */
export function taxReceiptTable(own: OwnTerm): ClaimTable {
  return {
    tax_year: mandatory(
      { be: 'Падатковы год', en: 'Tax year' },
      { type: 'integer', minimum: 2020, maximum: 2200 },
      own('taxYear'),
    ),
    tax_class: taxClass(own, { mandatory: true }),
    contribution_status: mandatory(
      { be: 'Стан уплаты падатку', en: 'Contribution status' },
      { type: 'string', enum: ['settled', 'partial', 'deferred'] },
      own('contributionStatus'),
    ),
    taxpayer_pseudonym: optional(
      {
        be: 'Псеўданім плацельшчыка на гэты год',
        en: 'Pseudonym of the taxpayer for this year',
      },
      { type: 'string', pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$' },
      own('taxpayerPseudonym'),
    ),
    issuing_authority: issuingAuthority(own),
  }
}
