import { encodeScalar, integerOf, modOrder } from '@asoba/bls12-381'
import { concatBytes, fromBase64url, type JsonObject, serviceScope } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { schemeProfile, settingsOf } from '../../src/format/profiles.ts'
import { bbs2023 } from '../../src/index.ts'
import { commit, createScalar, nymSecretsOf, pseudonymProfile } from '../../src/scheme.ts'
import { decodeDerivedProof } from '../../src/suite/proof-value.ts'
import { asSecret } from '../scheme/malicious.ts'
import { forgeCredential, olderThanIssued as lie, statementOf } from './forge-credential.ts'
import { claims, createRegistry, nation, now, queryFor, verifierOf } from './nation.ts'

const audience = 'https://clinic.example'
const scope = serviceScope(audience)

/** The secret that is the lie: the blinding factor (forgeries A and B), or what is committed first (C). */
const places = ['blind', 'committed'] as const

describe.each([0, 1, 2, 16])('with %i nyms, a claim that was never issued', (nyms) => {
  const registry = createRegistry({ nyms })
  const settings = settingsOf(registry.profile)

  /** Issued by an honest registry to a holder who made one secret of the lie. */
  async function liar(place: (typeof places)[number]) {
    const statement = await statementOf(settings, nation.citizenship, lie)
    const profile = schemeProfile(0, nyms)
    const target = asSecret(profile, statement)
    // Entropy is in the last nym: where that is the only one, a holder must know it before, as where
    // an issuer uses it again.
    const entropy = createScalar()
    const own = Array.from({ length: nyms }, createScalar)
    const blind = place === 'blind' ? target : createScalar()
    if (place === 'committed' && nyms > 0) {
      own[0] = nyms > 1 ? target : encodeScalar(modOrder(integerOf(target) - integerOf(entropy)))
    }
    const secret = place === 'committed' ? statement : createScalar()
    const committedMessages = nyms === 0 ? [secret] : []
    const commitmentWithProof = commit(profile, { blind, committedMessages, nyms: own })
    const format = bbs2023({
      ...registry.profile,
      signer: registry.signer,
      entropy: async () => entropy,
    })
    const secured = await format.secure(
      {
        type: nation.citizenship,
        issuer: registry.did,
        claims,
        validFrom: new Date('2026-09-04'),
        validUntil: new Date('2026-12-03'),
      },
      { kind: 'bbs-commitment', commitmentWithProof },
    )
    const secrets =
      nyms === 0
        ? committedMessages
        : nymSecretsOf(pseudonymProfile({ messages: 0, committed: 0, nyms }), {
            nyms: own,
            entropy,
          })
    if (secrets === undefined) throw new Error('an honest issuer signs')
    const retained = concatBytes(blind, ...(nyms === 0 ? committedMessages : own))
    return { secured, retained, held: { wire: secured.wire as JsonObject, blind, secrets } }
  }

  test.each(places)('is refused where it stands in the place of a secret: %s', async (place) => {
    const { secured, retained, held } = await liar(place)
    const verifier = verifierOf(registry)
    const request = await verifier.request(queryFor(['citizen']))
    const to = { audience, nonce: request.nonce, purpose: 'present', now } as const
    const forged = await forgeCredential(settings, held, { to, scope, lie, place })
    // A forgery and not just noise: who verifies as the drafts say believes it.
    expect(forged.acceptedByTheDraft).toBe(true)
    expect(JSON.stringify(forged.shown)).toContain(lie.value)
    const judged = await verifier.verify({ vp_token: { citizen: [forged.shown] } }, request)
    expect(judged).toMatchObject({
      verified: false,
      problems: [{ code: 'proof.signature-invalid' }],
    })

    // All else about it is right: what was issued, the same holder can show.
    if (nyms === 0 && place === 'committed') return // Its secret is no 32 bytes, as a wallet's is.
    const format = bbs2023(registry.profile)
    const disclosed = [['credentialSubject', 'citizen']]
    const honest = await format.present(secured, disclosed, to, retained)
    const result = await verifier.verify({ vp_token: { citizen: [honest.wire] } }, request)
    if (!result.verified) throw new Error(JSON.stringify(result.problems))
    const value = (wire: unknown) =>
      decodeDerivedProof(
        settings.feature,
        ((wire as JsonObject)['proof'] as JsonObject)['proofValue'],
      )
    const forgedName = value(forged.shown)?.nym?.pseudonym
    if (nyms === 0) return
    const name = fromBase64url(result.pseudonyms.citizen ?? '')
    expect(name).toHaveLength(48)
    // Forgery C was a second pseudonym besides.
    if (place === 'committed') expect(forgedName).not.toEqual(name)
    else expect(forgedName).toEqual(name)
  })
})
