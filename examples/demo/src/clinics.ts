import { bbs2023 } from '@asoba/bbs'
import type { JsonObject } from '@asoba/core'
import { createWallet, type Wallet } from '@asoba/wallet'
import { applicantClaims, applyAnonymously } from './applicant.ts'
import { anonymous, type IssuingParty } from './issuing.ts'
import { consentAndPresent, requestOf, send } from './presenting.ts'
import type { Facts, Report } from './report.ts'
import { startVerifier, type VerifyingParty } from './verifying.ts'

const adultCitizen = {
  credentials: [
    {
      id: 'citizen',
      format: 'ldp_vc',
      meta: { type_values: [['CitizenshipCredential']] },
      claims: [
        { path: ['credentialSubject', 'citizen'], values: [true] },
        { path: ['credentialSubject', 'age_equal_or_over', '18'], values: [true] },
      ],
    },
  ],
} as const

/** One person at two clinics that tell each other everything they see, and again at the first. */
export async function tellClinics(
  report: Report,
  wallet: Wallet,
  registry: IssuingParty,
): Promise<void> {
  const trusted = { citizenship: [registry.did] }
  const here = await startVerifier(adultCitizen, trusted, anonymous.service)
  const there = await startVerifier(adultCitizen, trusted, anonymous.service)
  try {
    await report.step(
      'One citizen at two clinics: together they cannot find out that it is one person',
      async (facts) => {
        const stranger = createWallet({ formats: [bbs2023(anonymous.service)] })
        const claims = { ...applicantClaims(new Date()).citizenship, given_name: 'Bahdan' }
        await applyAnonymously(stranger, registry, 'service', claims)

        const first = await visit(wallet, here)
        const second = await visit(wallet, there)
        const other = { here: await visit(stranger, here), there: await visit(stranger, there) }
        facts.expect('both clinics accept what she shows, and what another citizen shows', true)

        facts.say('What they have in their hands, side by side:')
        table(facts, [
          ['', 'first clinic: she', 'second clinic: she', 'second: another citizen'],
          ...first.claims.map(([path], at) => [
            path,
            ...[first, second, other.there].map(({ claims }) => claims[at]?.[1] ?? ''),
          ]),
          ['pseudonym', ...[first, second, other.there].map(({ pseudonym }) => short(pseudonym))],
          ['proof', ...[first, second, other.there].map(({ shown }) => short(proofOf(shown)))],
        ])
        facts.expect(
          'her two pseudonyms differ as those of two people do',
          new Set([first, second, other.there].map(({ pseudonym }) => pseudonym)).size === 3,
        )
        const { members, pieces } = inCommon(first, second)
        const readable = new Set(members.map((path) => path.replace(/\.\d$/, '')))
        facts.fact('the same in both', [...readable].join(', '))
        const withStranger = inCommon(first, other.there)
        facts.expect(
          'that is the same for everybody: not a byte more than with what the other citizen shows',
          same(members, withStranger.members) && same(pieces, withStranger.pieces),
        )

        facts.say('She comes back to the first clinic:')
        const again = await visit(wallet, here)
        facts.expect('it knows her again by the pseudonym', again.pseudonym === first.pseudonym)
        const [back, elsewhere] = [inCommon(first, again), inCommon(first, other.here)]
        facts.expect(
          'and by nothing else: all the rest is as new as from somebody else',
          same(back.members, elsewhere.members) && same(back.pieces, elsewhere.pieces),
        )
      },
    )
  } finally {
    await Promise.all([here.close(), there.close()])
  }
}

/** What a clinic has of one visit. */
interface Visit {
  readonly shown: JsonObject
  /** The claims that it learnt, by path. */
  readonly claims: readonly (readonly [string, string])[]
  readonly pseudonym: string
}

async function visit(wallet: Wallet, clinic: VerifyingParty): Promise<Visit> {
  const { presentation } = await consentAndPresent(wallet, await requestOf(clinic))
  const answer = await send(clinic, presentation)
  const result = clinic.last()
  if (!answer.accepted || result?.verified !== true) throw new Error('a clinic refused a citizen')
  const [shown] = presentation.vp_token['citizen'] ?? []
  return {
    shown: shown as JsonObject,
    claims: pathsOf(result.claims['citizen']),
    pseudonym: result.pseudonyms['citizen'] ?? '',
  }
}

/** What two visits have in common: members of the documents, and pieces of the proofs. */
function inCommon(
  one: Visit,
  two: Visit,
): { readonly members: readonly string[]; readonly pieces: readonly string[] } {
  const [mine, theirs] = [pathsOf(one.shown), new Map(pathsOf(two.shown))]
  const known = new Set(piecesOf(two))
  return {
    members: mine.filter(([path, value]) => theirs.get(path) === value).map(([path]) => path),
    pieces: piecesOf(one).filter((piece) => known.has(piece)),
  }
}

/** Every 8 bytes that stand together in a proof, without the pseudonym in it. */
function piecesOf({ shown, pseudonym }: Visit): readonly string[] {
  const bytes = Buffer.from(proofOf(shown), 'hex')
  const name = Buffer.from(pseudonym, 'base64url')
  const at = bytes.indexOf(name)
  const rest = [bytes.subarray(0, at), bytes.subarray(at + name.length)]
  return rest.flatMap((part) =>
    Array.from({ length: Math.max(0, part.length - 7) }, (_, from) =>
      part.toString('hex', from, from + 8),
    ),
  )
}

/** What stands behind the head of a proof value, in hexadecimal. */
function proofOf({ proof }: JsonObject): string {
  const { proofValue } = proof as JsonObject
  return Buffer.from(String(proofValue).slice(1), 'base64url').toString('hex').slice(14)
}

/** The innermost values of a document, by the path to them. */
function pathsOf(value: unknown, path = ''): readonly (readonly [string, string])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, member]) =>
        pathsOf(member, path === '' ? name : `${path}.${name}`),
      )
    : [[path, String(value)]]
}

function same(one: readonly string[], two: readonly string[]): boolean {
  return [...one].sort().join() === [...two].sort().join()
}

function short(text: string): string {
  return `${text.slice(0, 16)}…`
}

function table(facts: Facts, rows: readonly (readonly string[])[]): void {
  const width = (column: number): number =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)) + 2
  for (const row of rows) {
    facts.say(`  ${row.map((cell, column) => cell.padEnd(width(column))).join('')}`.trimEnd())
  }
}
