import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { type TrustedIssuer, validateCredential } from '@asoba/core'
import {
  addProof,
  type Cryptosuite,
  createJsonLd,
  deriveProof,
  ecdsaJcs2019,
  ecdsaRdfc2019,
  ecdsaSd2023,
  eddsaJcs2022,
  eddsaRdfc2022,
  verifyCredential,
} from '@asoba/data-integrity'
import { createKey, jwkSigner } from '@asoba/did'
import { compare, type Target } from './compare.ts'
import { digitalBazaar, type SuiteName } from './data-integrity-peer.ts'
import { contexts, issuer, type Sample, samples } from './data-integrity-samples.ts'

/** One processor for all, as an application has it; the contexts are known to both sides. */
const jsonLd = createJsonLd({
  contexts: [...contexts].map(([url, document]) => ({ url, document })),
})

const suites: readonly {
  readonly name: SuiteName
  readonly suite: Cryptosuite
  readonly faster?: number
}[] = [
  { name: 'eddsa-jcs-2022', suite: eddsaJcs2022(), faster: 6 },
  { name: 'eddsa-rdfc-2022', suite: eddsaRdfc2022(jsonLd), faster: 2 },
  { name: 'ecdsa-jcs-2019', suite: ecdsaJcs2019() },
  { name: 'ecdsa-rdfc-2019', suite: ecdsaRdfc2019(jsonLd) },
  { name: 'ecdsa-sd-2023', suite: ecdsaSd2023(jsonLd), faster: 2 },
]

/**
 * Data Integrity, issue, derive and verify, beside Digital Bazaar's library with its cryptosuite of
 * the same name: the same credentials, all contexts and keys at hand on both sides. Both look at
 * the form of the credential when it is issued and verified.
 *
 * @param only name of one cryptosuite
 */
export async function benchDataIntegrity(only?: string): Promise<boolean> {
  let met = true
  for (const { name, suite, faster } of suites) {
    if (only !== undefined && only !== name) continue
    for (const sample of samples) met = (await benchSuite(name, suite, faster, sample)) && met
  }
  return met
}

async function benchSuite(
  name: SuiteName,
  suite: Cryptosuite,
  faster: number | undefined,
  { name: what, credential, mandatoryPointers, selectivePointers }: Sample,
): Promise<boolean> {
  const algorithm = name.startsWith('eddsa') ? 'EdDSA' : 'ES256'
  const { publicJwk, privateJwk } = await createKey(algorithm)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#key-1` })
  const trusted: TrustedIssuer = {
    issuer,
    type: 'example',
    keys: [publicJwk],
    mechanism: 'did',
    contexts: credential['@context'] as readonly string[],
  }
  const context = {
    suites: [suite],
    now: new Date(),
    clockTolerance: 0,
    findIssuer: async () => ({ verified: true as const, checks: [], ...trusted }),
  }
  const selective = suite.derive !== undefined
  const issueOurs = () => {
    const [problem] = validateCredential(credential)
    if (problem !== undefined) throw new Error(problem.code)
    return addProof(credential, {
      suite,
      signer,
      proofPurpose: 'assertionMethod',
      created: new Date(),
      ...(selective && { mandatoryPointers }),
    })
  }
  const deriveOurs = () => deriveProof(issued, { suite, pointers: selectivePointers })
  const issued = await issueOurs()
  const shown = selective ? await deriveOurs() : issued
  const judged = await verifyCredential(shown, context)
  if (!judged.verified) throw new Error(`ours is refused: ${judged.problems[0].code}`)

  const input = { credential, issuer, contexts, mandatoryPointers, selectivePointers }
  // Over JSON the peer too has little to do; what is deployed is over statements.
  const names = name === 'eddsa-jcs-2022' ? ([name, 'eddsa-rdfc-2022'] as const) : ([name] as const)
  const peers = await Promise.all(
    names.map(async (theirName) => {
      const peer = await digitalBazaar(theirName, input)
      const theirs = await peer.issue()
      const theirsShown = selective ? await peer.derive(theirs) : theirs
      if (!(await peer.verify(theirsShown)).verified) throw new Error('the peer refuses its own')
      return {
        name: `@digitalbazaar/vc, ${theirName}`,
        issue: () => peer.issue(),
        derive: () => peer.derive(theirs),
        verify: () => peer.verify(theirsShown),
      }
    }),
  )
  const than = (peers.at(-1) as (typeof peers)[0]).name
  // What nobody can do without, where a proof is one signature.
  const one = oneSignature(algorithm)
  const least = { name: 'node:crypto, one signature', issue: one.sign, verify: one.verify }
  const targets: readonly Target[] = faster === undefined ? [] : [{ faster, than }]
  const side = (verb: 'issue' | 'derive' | 'verify', ours: () => unknown) =>
    compare(
      `${name} ${verb}, ${what}`,
      [
        { name: 'asoba', run: ours },
        ...peers.map((peer) => ({ name: peer.name, run: peer[verb] })),
        ...(selective || verb === 'derive' ? [] : [{ name: least.name, run: least[verb] }]),
      ],
      targets,
      { rounds: 75, warmUpMs: 700 },
    )
  let met = await side('issue', issueOurs)
  if (selective) met = (await side('derive', deriveOurs)) && met
  return (await side('verify', () => verifyCredential(shown, context))) && met
}

function oneSignature(algorithm: 'EdDSA' | 'ES256') {
  const { privateKey, publicKey } =
    algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const hash = algorithm === 'EdDSA' ? null : 'sha256'
  const data = randomBytes(64)
  const signature = sign(hash, data, privateKey)
  return {
    sign: () => sign(hash, data, privateKey),
    verify: () => verify(hash, data, publicKey, signature),
  }
}
