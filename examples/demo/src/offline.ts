import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Jwk, Signer, TrustPolicy } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, jwkSigner } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { snapshotSource } from '@asoba/status'
import { createVerifier, issuerKeys, memoryReplay, type Verifier } from '@asoba/verifier'
import { type LoadTrustListOptions, loadTrustList, signTrustList } from '@asoba/verifier/trust-list'
import type { Wallet } from '@asoba/wallet'
import { type IssuingParty, nation } from './issuing.ts'
import { consentAndPresent, pathText } from './presenting.ts'
import type { Report } from './report.ts'

const publisher = 'https://nation.example'
const types = [nation.profession]

/** The partner's computer has no network: only a trust list that the nation signed, in a file. */
export async function tellOffline(
  report: Report,
  wallet: Wallet,
  chamber: IssuingParty,
): Promise<void> {
  await report.step('A foreign partner verifies a physician without a network', async (facts) => {
    const folder = await mkdtemp(join(tmpdir(), 'asoba-demo-'))
    try {
      const { publicJwk, privateJwk } = await createKey('ES256')
      const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
      const file = join(folder, 'trust-list.jwt')
      await writeFile(file, await publishTrustList(chamber, signer, 2))
      const older = await publishTrustList(chamber, signer, 1)
      // From here on nobody answers: the chamber is gone, and any fetch would show.
      await chamber.close()
      const asked = chamber.log.length

      const options = trustOptions(publicJwk)
      const list = await loadTrustList(await readFile(file, 'utf8'), options)
      facts.expect('the trust list is accepted', list.verified)
      if (!list.verified) return facts.fact('reasons', list.problems)
      facts.fact('trust list', `number ${list.sequence}, until ${list.expires.toISOString()}`)
      const back = await loadTrustList(older, { ...options, previous: list.mark })
      facts.expect('an older trust list is refused from now on', !back.verified)

      const verifier = offlineVerifier(list.trust)
      const request = await verifier.request(doctorQuery)
      const { match, presentation } = await consentAndPresent(wallet, request)
      const result = await verifier.verify(presentation, request)
      facts.expect('the presentation is accepted', result.verified)
      if (result.verified) facts.fact('learnt', result.claims.doctor)
      else facts.fact('reasons', result.problems)
      facts.fact(
        'withheld',
        match.withheld.map(({ path }) => pathText(path)),
      )
      facts.fact('checks', result.checks.filter(({ outcome }) => outcome === 'passed').length)
      facts.expect('nobody was asked', chamber.log.length === asked)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
}

const doctorQuery = {
  credentials: [
    {
      id: 'doctor',
      format: 'dc+sd-jwt',
      meta: { vct_values: [nation.profession.vct] },
      claims: [
        { path: ['occupation', 'isco_08'] },
        { path: ['entitled_to_practise'], values: [true] },
      ],
    },
  ],
} as const

/** What the nation signs for its partners: the chamber, its key, and how its status list stood. */
async function publishTrustList(
  chamber: IssuingParty,
  signer: Signer,
  sequence: number,
): Promise<string> {
  const uri = `${chamber.origin}/status/1`
  const response = await fetch(uri)
  const status = {
    bytes: new Uint8Array(await response.arrayBuffer()),
    mediaType: response.headers.get('content-type') ?? '',
    fetchedAt: new Date(),
  }
  const issuedAt = new Date()
  const chamberEntry = {
    issuer: chamber.did,
    types: ['profession'],
    mechanism: 'did',
    keys: [chamber.publicJwk as unknown as Jwk],
    statusSnapshot: { [uri]: status },
  } as const
  const expires = new Date(issuedAt.getTime() + 7 * 86_400_000)
  const list = { publisher, sequence, issuedAt, expires, entries: [chamberEntry] }
  return signTrustList(list, { signer, types })
}

/** What the partner knows already: the nation's key, which came in another way than the list. */
function trustOptions(key: Jwk): LoadTrustListOptions {
  return {
    publisher: { id: publisher, keys: [key] },
    types,
    now: new Date(),
    clockTolerance: 60,
    previous: 'none',
    snapshots: 'use',
    maxLength: 1_000_000,
  }
}

/** A verifier with nothing that could reach a network. */
function offlineVerifier(trust: TrustPolicy): Verifier {
  return createVerifier({
    audience: 'https://partner.example',
    types,
    issuerKeys: issuerKeys({}),
    trust,
    formats: [sdJwtVc()],
    status: snapshotSource({}),
    seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
    replay: memoryReplay(),
    clockTolerance: 60,
    maxProofAge: 300,
  })
}
