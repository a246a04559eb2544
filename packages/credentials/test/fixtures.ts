import { type NationType, type NationTypes, nationTypes } from '../src/index.ts'

export const types: NationTypes = nationTypes({ origin: 'https://nation.example' })
export const all: readonly NationType[] = Object.values(types)

/** A citizen with nothing but what every citizen has. */
export const citizen = {
  citizen: true,
  age_equal_or_over: { '14': true, '16': true, '18': true, '21': false, '65': false },
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
} as const

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
