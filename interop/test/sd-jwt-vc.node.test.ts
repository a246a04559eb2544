import {
  type ProblemCode,
  problem,
  randomSecrets,
  refused,
  type VerificationContext,
} from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { sdJwtVc } from '@asoba/sd-jwt'
import { expect, test } from 'vitest'
import {
  audience,
  bound,
  cnf,
  codes,
  digestOf,
  encode,
  forged,
  issuer as issuerKey,
  nonce,
  now,
  seconds,
  signer,
  vcPeer,
} from './sd-jwt-peers.ts'

const peer = vcPeer()
const format = sdJwtVc({ signer, decoys: 1 })
const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const issuer = 'https://registry.example'
const context: VerificationContext = {
  audience,
  nonce,
  purpose: 'present',
  now,
  clockTolerance: 0,
  maxProofAge: 300,
  findIssuer: async (claim) => ({
    verified: true,
    checks: [],
    issuer: claim.issuer ?? '',
    type: 'citizenship',
    mechanism: 'https',
    keys: [issuerKey.publicJwk],
  }),
  findHolderKey: async () => refused([problem('did.not-found', 'there are no DIDs here')]),
  holderBinding: () => 'required',
}
const claims = {
  citizen: true,
  given_name: 'Ales',
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
}
const to = { audience, nonce, purpose: 'present', now } as const
const asked = { currentDate: seconds, keyBindingNonce: nonce }
const theirAddress = { kb: { payload: { iat: seconds, aud: audience, nonce } } }

/** A credential of our issuer for a holder whose wallet is ours. */
async function secured() {
  const { proof, retained } = await format.prepareHolder(randomSecrets())
  const validUntil = new Date(now.getTime() + 30 * 86_400_000)
  const input = { type: citizenship, issuer, claims, validFrom: now, validUntil }
  return { credential: await format.secure(input, proof), retained }
}

test('@sd-jwt/sd-jwt-vc 0.19 verifies a citizenship that we issue and present', async () => {
  const { credential, retained } = await secured()
  const { wire } = await format.present(credential, [['citizen']], to, retained)
  const { payload } = await peer.verify(wire as string, asked)
  expect(payload).toMatchObject({ vct: citizenship.vct, citizen: true })
  expect(payload).not.toHaveProperty('given_name')
})

test('we verify what @sd-jwt/sd-jwt-vc 0.19 issues and presents', async () => {
  const payload = { iss: issuer, vct: citizenship.vct, exp: seconds + 60, cnf, ...claims }
  const frame = { _sd: ['citizen', 'given_name'], _sd_decoy: 2 }
  const issued = await peer.issue(payload, frame)
  const wire = await peer.present(issued, { citizen: true }, theirAddress)
  const judged = await format.verify(wire, context)
  expect(judged.verified && judged.subject).toEqual({ citizen: true, evidence: claims.evidence })
  expect(judged.verified && judged.holder).toEqual({ kind: 'cnf', proven: true })
})

const bare = { iss: issuer, vct: citizenship.vct, exp: seconds + 60, cnf }
const header = { alg: 'ES256', typ: 'dc+sd-jwt' }
const hidden = (name: string, value: object | string | number): string =>
  encode(['salt', name, value])
const differences: readonly [string, () => Promise<string>, readonly ProblemCode[]][] = [
  [
    'a credential that anybody could show, as the nonce was forgotten',
    async () => forged(bare, [], header),
    ['holder.binding-missing'],
  ],
  [
    'a type that the holder may withhold',
    async () => {
      const { vct, ...rest } = bare
      const text = hidden('vct', vct)
      return bound(await forged({ ...rest, _sd: [digestOf(text)] }, [text], header))
    },
    ['disclosure.forbidden'],
  ],
  [
    'an expiry that the holder may withhold',
    async () => {
      const { exp, ...rest } = bare
      const text = hidden('exp', exp)
      return bound(await forged({ ...rest, _sd: [digestOf(text)] }, [text], header))
    },
    ['disclosure.forbidden'],
  ],
  [
    'a status entry that the holder may withhold',
    async () => {
      const text = hidden('status_list', { idx: 1, uri: 'https://registry.example/status/1' })
      const status = { _sd: [digestOf(text)] }
      return bound(await forged({ ...bare, status }, [], header))
    },
    ['disclosure.forbidden', 'status.invalid-entry'],
  ],
  [
    'a status of a kind that nobody checked',
    async () => bound(await forged({ ...bare, status: { other: 1 } }, [], header)),
    ['status.invalid-entry'],
  ],
  [
    'no type at all',
    async () => bound(await forged({ ...bare, vct: undefined }, [], header)),
    ['credential.malformed'],
  ],
]

test.each(differences)(
  '@sd-jwt/sd-jwt-vc 0.19 accepts, and we refuse, %s',
  async (_title, make, ours) => {
    const wire = await make()
    await expect(peer.verify(wire, { currentDate: seconds })).resolves.toBeDefined()
    expect(codes(await format.verify(wire, context))).toEqual(ours)
  },
)
