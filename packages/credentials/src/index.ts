/**
 * Credential types of a nation: citizenship, residency, profession, tax receipt.
 *
 * @module
 */

export {
  type AgeThresholds,
  ages,
  ageThresholds,
  type ResidenceThresholds,
  residenceThresholds,
  residenceYears,
} from './age.ts'
export type { CitizenshipClaims } from './citizenship.ts'
export type { Label } from './claim-table.ts'
export type { AssuranceLevel, CheckMethod, EvidenceClaims, TrustRoot } from './evidence.ts'
export type { PinnedContext } from './json-ld-context.ts'
export { type NationType, type NationTypes, nationTypes } from './nation-types.ts'
export type { NameClaims } from './person.ts'
export type { ProfessionClaims } from './profession.ts'
export type { ResidencyClaims } from './residency.ts'
export type { TaxClass, TaxReceiptClaims } from './tax-receipt.ts'
