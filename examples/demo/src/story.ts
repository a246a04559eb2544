import { bbs2023 } from '@asoba/bbs'
import type { JsonObject, StatusReference } from '@asoba/core'
import { sdJwtVc } from '@asoba/sd-jwt'
import type { QueryInput } from '@asoba/verifier'
import { createWallet, type Wallet } from '@asoba/wallet'
import { applicantClaims, apply, applyAnonymously } from './applicant.ts'
import { tellClinics } from './clinics.ts'
import { anonymous, type IssuingParty, nation, startIssuer } from './issuing.ts'
import { tellOffline } from './offline.ts'
import { tellPoll } from './poll.ts'
import { consentAndPresent, pathText, requestOf, send } from './presenting.ts'
import { tellRefusals } from './refusals.ts'
import type { Report } from './report.ts'
import { startVerifier, type VerifyingParty } from './verifying.ts'

const clinicQuery: QueryInput = {
  credentials: [
    {
      id: 'citizen',
      format: 'dc+sd-jwt',
      meta: { vct_values: [nation.citizenship.vct] },
      claims: [
        { path: ['citizen'], values: [true] },
        { path: ['age_equal_or_over', '18'], values: [true] },
      ],
    },
  ],
}

const taxQuery: QueryInput = {
  credentials: [
    {
      id: 'residency',
      format: 'dc+sd-jwt',
      meta: { vct_values: [nation.residency.vct] },
      claims: [{ path: ['address', 'country'] }],
    },
    {
      id: 'tax',
      format: 'dc+sd-jwt',
      meta: { vct_values: [nation.taxReceipt.vct] },
      claims: [{ path: ['tax_year'] }, { path: ['tax_class'] }],
    },
  ],
}

/** The whole story, over real servers on loopback; whatever happens, the servers are closed. */
export async function tell(report: Report): Promise<void> {
  const open: { close(): Promise<void> }[] = []
  const wallet = createWallet({
    formats: [sdJwtVc(), ...Object.values(anonymous).map((profile) => bbs2023(profile))],
  })
  let registry: IssuingParty | undefined
  let chamber: IssuingParty | undefined
  let citizenship: readonly StatusReference[] = []

  await report.step('A registry and a chamber of physicians open their doors', async (facts) => {
    const { profession, ...others } = nation
    registry = await startIssuer(others)
    chamber = await startIssuer({ profession })
    open.push(registry, chamber)
    facts.fact('registry', registry.did)
    facts.fact('chamber', chamber.did)
  })
  if (registry === undefined || chamber === undefined) return

  await report.step(
    'An applicant gets credentials, bound to keys that only her wallet has',
    async (facts) => {
      const claims = applicantClaims(new Date())
      citizenship = await apply(
        wallet,
        registry as IssuingParty,
        'citizenship',
        claims.citizenship,
        10,
      )
      await apply(wallet, registry as IssuingParty, 'residency', claims.residency, 3)
      await apply(wallet, registry as IssuingParty, 'taxReceipt', claims.taxReceipt, 3)
      await apply(wallet, chamber as IssuingParty, 'profession', claims.profession, 3)
      for (const { view, copies } of await wallet.list()) {
        facts.fact(
          nameOf(view.vcts[0]),
          `${copies} one-time copies, ${view.disclosable.length} claims that can be withheld`,
        )
      }
      facts.expect('four credentials are in the wallet', (await wallet.list()).length === 4)
    },
  )

  const clinic = await startVerifier(clinicQuery, { citizenship: [registry.did] })
  const taxOffice = await startVerifier(taxQuery, {
    residency: [registry.did],
    taxReceipt: [registry.did],
  })
  open.push(clinic, taxOffice)

  try {
    await tellPresentation(report, wallet, clinic, {
      title: 'A clinic learns «citizen, over 18» and nothing else',
      expected: { citizen: { citizen: true, age_equal_or_over: { '18': true } } },
    })
    await tellPresentation(report, wallet, taxOffice, {
      title: 'A tax office learns residency and a tax class',
      expected: {
        residency: { address: { country: 'LT' } },
        tax: { tax_year: 2026, tax_class: 'standard' },
      },
    })
    await tellOffline(report, wallet, chamber)
    await report.step(
      'She gets citizenship credentials that she can show any number of times without a trace',
      async (facts) => {
        const claims = applicantClaims(new Date()).citizenship
        await applyAnonymously(wallet, registry as IssuingParty, 'service', claims)
        await applyAnonymously(wallet, registry as IssuingParty, 'election', claims)
        facts.say(
          'one for services and one for elections; the registry signed secrets it never saw',
        )
        facts.expect('her wallet has verified both', (await wallet.list()).length === 6)
      },
    )
    await tellClinics(report, wallet, registry)
    await tellPoll(report, wallet, registry)
    await tellRefusals(report, { wallet, clinic, registry, citizenship })

    await report.step('She deletes the wallet, and nothing is left of it', async (facts) => {
      await wallet.erase()
      const refused = await wallet.list().then(
        () => false,
        () => true,
      )
      facts.expect('the wallet answers nothing any more', refused)
    })
  } finally {
    await Promise.all(open.map((party) => party.close()))
  }
}

async function tellPresentation(
  report: Report,
  wallet: Wallet,
  party: VerifyingParty,
  { title, expected }: { readonly title: string; readonly expected: JsonObject },
): Promise<void> {
  await report.step(title, async (facts) => {
    const { match, presentation } = await consentAndPresent(wallet, await requestOf(party))
    facts.fact(
      'shown on the consent screen',
      match.disclosed.map(({ query, path }) => `${query}: ${pathText(path)}`),
    )
    facts.fact(
      'withheld',
      match.withheld.map(({ path }) => pathText(path)),
    )
    const answer = await send(party, presentation)
    facts.expect('the presentation is accepted', answer.accepted)
    for (const { code, detail } of answer.reasons) facts.say(`${code}: ${detail}`)
    const result = party.last()
    if (result?.verified === true) {
      facts.fact('learnt', result.claims)
      facts.expect('that is all it learnt', sameJson(result.claims, expected))
      facts.fact(
        'checks made and passed',
        result.checks.filter(({ outcome }) => outcome === 'passed').length,
      )
    }
  })
}

function nameOf(vct: string | undefined): string {
  return Object.values(nation).find((type) => type.vct === vct)?.label.en ?? 'unknown type'
}

function sameJson(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([x], [y]) => (x < y ? -1 : 1))
            .map(([key, member]) => [key, sorted(member)]),
        )
      : value
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}
