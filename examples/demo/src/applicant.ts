import type { JsonObject, StatusReference } from '@asoba/core'
import { ageThresholds, residenceThresholds } from '@asoba/credentials'
import type { Wallet } from '@asoba/wallet'
import type { IssuingParty } from './issuing.ts'

/** The claims of a made-up applicant, as the registry works them out from what was proofed. */
export function applicantClaims(
  at: Date,
): Readonly<Record<'citizenship' | 'residency' | 'taxReceipt' | 'profession', JsonObject>> {
  const names = {
    given_name: 'Alesia',
    family_name: 'Prykladnaja',
    'given_name#be': 'Алеся',
    'family_name#be': 'Прыкладная',
  }
  const evidence = { trust_framework: 'asoba', assurance_level: 'P2', month: '2026-11' }
  const expires = new Date(at.getTime() + 90 * 86_400_000).toISOString().slice(0, 10)
  return {
    citizenship: {
      citizen: true,
      ...names,
      birthdate: '1991-03-25',
      place_of_birth: { country: 'BY', locality: 'Viciebsk' },
      nationalities: ['BY'],
      age_equal_or_over: ageThresholds('1991-03-25', at),
      date_of_expiry: expires,
      evidence,
    },
    residency: {
      resident: true,
      ...names,
      address: { country: 'LT' },
      resident_since: '2021-09-01',
      resident_years_equal_or_over: residenceThresholds('2021-09-01', at),
      evidence,
    },
    taxReceipt: {
      tax_year: 2026,
      tax_class: 'standard',
      contribution_status: 'settled',
    },
    profession: {
      ...names,
      occupation: {
        isco_08: '2211',
        title: 'General practitioner',
        'title#be': 'Урач агульнай практыкі',
      },
      entitled_to_practise: true,
      licence: { number: 'LT-88-120', body: 'Chamber of Physicians' },
      evidence: { ...evidence, assurance_level: 'P3' },
    },
  }
}

/** Applies for one credential: fresh keys from the wallet, copies into the wallet. */
export async function apply(
  wallet: Wallet,
  issuer: IssuingParty,
  type: string,
  claims: JsonObject,
  copies: number,
): Promise<readonly StatusReference[]> {
  const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: copies })
  const response = await fetch(`${issuer.origin}/apply`, {
    method: 'POST',
    body: JSON.stringify({ type, claims, holders }),
  })
  if (!response.ok) throw new Error(`the issuer answered ${response.status}`)
  const issued = (await response.json()) as readonly {
    readonly wire: string
    readonly status: StatusReference
  }[]
  await wallet.receive(issued.map(({ wire }) => wire))
  return issued.map(({ status }) => status)
}
