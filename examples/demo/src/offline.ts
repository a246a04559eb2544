import type { Jwk, TrustEntry } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { sdJwtVc } from '@asoba/sd-jwt'
import { snapshotSource } from '@asoba/status'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import type { Wallet } from '@asoba/wallet'
import { type IssuingParty, nation } from './issuing.ts'
import { consentAndPresent, pathText } from './presenting.ts'
import type { Report } from './report.ts'

/** What a foreign partner takes along: who is trusted for what, by which keys, and how things stood. */
async function trustListOf(chamber: IssuingParty): Promise<readonly TrustEntry[]> {
  const uri = `${chamber.origin}/status/1`
  const response = await fetch(uri)
  const list = {
    bytes: new Uint8Array(await response.arrayBuffer()),
    mediaType: response.headers.get('content-type') ?? '',
    fetchedAt: new Date(),
  }
  return [
    {
      issuer: chamber.did,
      types: ['profession'],
      mechanism: 'did',
      keys: [chamber.publicJwk as unknown as Jwk],
      statusSnapshot: { [uri]: list },
    },
  ]
}

/** The partner's computer has no network: only the trust list it brought. */
export async function tellOffline(
  report: Report,
  wallet: Wallet,
  chamber: IssuingParty,
): Promise<void> {
  await report.step('A foreign partner verifies a physician without a network', async (facts) => {
    const trusted = await trustListOf(chamber)
    // From here on nobody answers: the chamber is gone, and any fetch would show.
    await chamber.close()
    const asked = chamber.log.length
    const entry = trusted[0] as TrustEntry
    const verifier = createVerifier({
      audience: 'https://partner.example',
      types: [nation.profession],
      issuerKeys: issuerKeys({}),
      trust: trustedIssuers(trusted),
      formats: [sdJwtVc()],
      status: snapshotSource(entry.statusSnapshot ?? {}),
      seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
      replay: memoryReplay(),
      clockTolerance: 60,
      maxProofAge: 300,
    })
    const request = await verifier.request({
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
    })
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
  })
}
