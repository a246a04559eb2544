import { type Jwk, type ProblemCode, randomSecrets } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, jwkSigner } from '@asoba/did'
import { leafSubjects, subjectKeyId, x509Keys } from '@asoba/jwt/x509'
import { sdJwtVc } from '@asoba/sd-jwt'
import { httpStatusSource } from '@asoba/status/token'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import { DcqlService, Kms, SdJwtVcRecord, type X509Certificate, X509KeyUsage } from '@credo-ts/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent } from './credo-agent.ts'
import { citizenQuery, nation } from './nation.ts'

// Issuers who are known by their certificates, as HAIP wants them.

const day = 86_400_000
const issuer = 'https://registry.example'
const audience = 'https://partner.example'
const { citizenship, claims } = nation

/** A key of the peer's that has a certificate. */
interface Certified {
  readonly key: Kms.PublicJwk
  readonly name: string
  readonly certificate: X509Certificate
}

let credo: Credo
let anchor: Certified
const format = sdJwtVc()
const { proof, retained } = await format.prepareHolder(randomSecrets())
beforeAll(async () => {
  credo = await credoAgent()
  anchor = await certify('Registries CA', undefined)
  credo.agent.x509.config.addTrustedCertificate(anchor.certificate)
}, 60_000)
afterAll(() => credo.close())

/** How a certificate differs from one for the registry that is in force. */
interface Wish {
  readonly host?: string
  readonly until?: Date
  /** For a key that is not the peer's. */
  readonly jwk?: Jwk
}

/** A certificate by whoever has a key, allowed or not; by itself where nobody is named: an anchor. */
async function certify(
  name: string,
  by: Certified | undefined,
  { host = 'registry.example', until = new Date(Date.now() + day), jwk }: Wish = {},
): Promise<Certified> {
  const { publicJwk } = await credo.agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const key =
    jwk === undefined
      ? Kms.PublicJwk.fromPublicJwk(publicJwk)
      : Kms.PublicJwk.fromPublicJwk({ ...jwk } as Kms.KmsJwkPublicEc)
  const certificate = await credo.agent.x509.createCertificate({
    authorityKey: by?.key ?? key,
    ...(by !== undefined && { subjectPublicKey: key, subject: { commonName: name } }),
    issuer: { commonName: by?.name ?? name },
    validity: { notBefore: new Date(Date.now() - 2 * day), notAfter: until },
    extensions: {
      subjectKeyIdentifier: { include: true },
      ...(by === undefined
        ? {
            basicConstraints: { ca: true },
            keyUsage: { usages: [X509KeyUsage.KeyCertSign] },
          }
        : {
            authorityKeyIdentifier: { include: true },
            keyUsage: { usages: [X509KeyUsage.DigitalSignature] },
            subjectAlternativeName: { name: [{ type: 'dns', value: host }] },
          }),
    },
  })
  if (jwk === undefined) certificate.keyId = key.keyId
  return { key, name, certificate }
}

/** A citizenship signed by a fresh key, whose certificate is the first of a chain. */
async function signedUnder(
  chainFor: (jwk: Jwk) => Promise<readonly X509Certificate[]>,
): Promise<string> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const x5c = (await chainFor(publicJwk)).map((each) => each.toString('base64'))
  const signer = await jwkSigner({ privateJwk, verificationMethod: '', x5c })
  const [validFrom, validUntil] = [new Date(), new Date(Date.now() + 30 * day)]
  const input = { type: citizenship, issuer, claims, validFrom, validUntil }
  return (await sdJwtVc({ signer }).secure(input, proof)).wire as string
}

/** Whether the peer takes a credential, and what we have against it. */
async function judgedByBoth(wire: string) {
  const theirs = await credo.agent.sdJwtVc.verify({ compactSdJwtVc: wire })
  const verifier = partnerOf(anchor)
  const request = await verifier.request(citizenQuery)
  const { nonce } = request
  const to = { audience, nonce, purpose: 'present', now: new Date() } as const
  const shown = await format.present({ format: 'dc+sd-jwt', wire }, [['citizen']], to, retained)
  const answer = { vp_token: { citizen: [shown.wire as string] }, state: request.state }
  const ours = await verifier.verify(answer, request)
  return { credo: theirs.isValid, ours: ours.verified ? [] : ours.problems.map(({ code }) => code) }
}

/** A verifier that knows the anchor of registries, and the name of one. */
function partnerOf({ certificate }: Certified) {
  const anchors = [new Uint8Array(Buffer.from(certificate.toString('base64'), 'base64'))]
  return createVerifier({
    audience,
    types: [citizenship],
    issuerKeys: issuerKeys({
      x509: { keys: x509Keys(), subjects: leafSubjects, keyId: subjectKeyId },
    }),
    trust: trustedIssuers({ citizenship: [{ issuer, mechanism: 'x509', anchors }] }),
    formats: [format],
    status: { source: httpStatusSource({ fetch }), policy: { citizenship: 'none-issued' } },
    seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
    replay: memoryReplay(),
    clockTolerance: 60,
    maxProofAge: 300,
  })
}

test('both know an issuer by its certificate', async () => {
  const wire = await signedUnder(async (jwk) => [
    (await certify('Registry', anchor, { jwk })).certificate,
  ])
  expect(await judgedByBoth(wire)).toEqual({ credo: true, ours: [] })
})

test('we know Credo as issuer by its certificate', async () => {
  const { certificate } = await certify('Registry', anchor)
  if (proof.kind !== 'jwk') throw new Error('this format binds to keys')
  const { compact } = await credo.agent.sdJwtVc.sign({
    payload: { vct: citizenship.vct, ...claims, exp: Math.floor((Date.now() + day) / 1000) },
    disclosureFrame: { _sd: ['citizen', 'given_name'] },
    holder: { method: 'jwk', jwk: Kms.PublicJwk.fromPublicJwk({ ...proof.publicJwk } as never) },
    issuer: { method: 'x5c', x5c: [certificate], issuer },
  })
  expect(await judgedByBoth(compact)).toEqual({ credo: true, ours: [] })
})

test('Credo as wallet finds by the anchor that we name what it holds', async () => {
  const mine = await certify('Holder', undefined)
  const { publicJwk, privateJwk } = await createKey('ES256')
  const registry = await certify('Registry', anchor, { jwk: publicJwk })
  const x5c = [registry.certificate.toString('base64')]
  const signer = await jwkSigner({ privateJwk, verificationMethod: '', x5c })
  const [validFrom, validUntil] = [new Date(), new Date(Date.now() + 30 * day)]
  const { kid: _, ...bare } = mine.key.toJson() as Kms.KmsJwkPublicEc
  const { wire } = await sdJwtVc({ signer }).secure(
    { type: citizenship, issuer, claims, validFrom, validUntil },
    { kind: 'jwk', publicJwk: bare as Jwk },
  )
  const instance = { compactSdJwtVc: wire as string, kmsKeyId: mine.key.keyId }
  const record = new SdJwtVcRecord({ credentialInstances: [instance] })
  await credo.agent.sdJwtVc.store({ record })

  const found = async (whose: Certified): Promise<boolean> => {
    const { query } = await partnerOf(whose).request(citizenQuery)
    const { credentials } = query as { readonly credentials: readonly object[] }
    expect(credentials[0]).toHaveProperty('trusted_authorities')
    const { context, dependencyManager } = credo.agent
    const service = dependencyManager.resolve(DcqlService)
    const matched = await service.getCredentialsForRequest(context, query as never)
    return matched.can_be_satisfied
  }
  expect(await found(anchor)).toBe(true)
  expect(await found(await certify('Other CA', undefined))).toBe(false)
})

type Chain = (jwk: Jwk) => Promise<readonly X509Certificate[]>
const under =
  (by: () => Promise<Certified>, wish: Wish = {}): Chain =>
  async (jwk) => [(await certify('Registry', await by(), { jwk, ...wish })).certificate]
const ours = async (): Promise<Certified> => anchor

test('both take a chain that has its anchor in it, which only HAIP forbids', async () => {
  const chain: Chain = async (jwk) => [...(await under(ours)(jwk)), anchor.certificate]
  const judged = await judgedByBoth(await signedUnder(chain))
  expect(judged).toEqual({ credo: true, ours: [] })
})

test.each<[string, Chain, ProblemCode]>([
  ['that has expired', under(ours, { until: new Date(Date.now() - 1000) }), 'x509.expired'],
  ['of somebody else', under(ours, { host: 'other.example' }), 'x509.subject-mismatch'],
  [
    'by another authority of the same name',
    under(() => certify('Registries CA', undefined)),
    'x509.chain-invalid',
  ],
  [
    'for another key',
    async () => [(await certify('Registry', anchor)).certificate],
    'jws.signature-invalid',
  ],
])('neither takes a certificate %s', async (_title, chain, code) => {
  expect(await judgedByBoth(await signedUnder(chain))).toEqual({ credo: false, ours: [code] })
})
