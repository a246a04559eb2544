import type { JsonObject, StatusReference } from '@asoba/core'
import { ageThresholds, residenceThresholds } from '@asoba/credentials'
import type { Wallet } from '@asoba/wallet'
import { type Application, anonymous, applicationText, type IssuingParty } from './issuing.ts'

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
  const format = 'dc+sd-jwt'
  const holders = await wallet.prepare({ format, count: copies })
  const issued = await post(issuer, { format, type, claims, holders })
  await wallet.receive(issued.map(({ wire }) => wire))
  return issued.flatMap(({ status }) => status ?? [])
}

/**
 * Applies for a citizenship credential that can be shown without a trace. What the registry
 * gets is a commitment: it signs secrets that it never sees.
 */
export async function applyAnonymously(
  wallet: Wallet,
  registry: IssuingParty,
  kind: keyof typeof anonymous,
  claims: JsonObject,
): Promise<void> {
  const format = anonymous[kind].id
  const holders = await wallet.prepare({ format, count: 1, issuer: registry.did })
  const issued = await post(registry, { format, type: 'citizenship', claims, holders })
  await wallet.receive(issued.map(({ wire }) => wire))
}

async function post(
  issuer: IssuingParty,
  application: Application,
): Promise<readonly { readonly wire: string | JsonObject; readonly status?: StatusReference }[]> {
  const response = await fetch(`${issuer.origin}/apply`, {
    method: 'POST',
    body: applicationText(application),
  })
  if (!response.ok) throw new Error(`the issuer answered ${response.status}`)
  return (await response.json()) as Awaited<ReturnType<typeof post>>
}
