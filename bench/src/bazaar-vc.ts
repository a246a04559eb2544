import type { JsonObject } from '@asoba/core'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { defaultDocumentLoader, issue, verifyCredential } from '@digitalbazaar/vc'

/**
 * The same credential by Digital Bazaar's library, as it secures credentials: a Data Integrity proof
 * over RDF, not a JWT. Its documents are all at hand, nothing is fetched.
 */
export async function bazaarVc(
  credential: JsonObject,
  issuer: string,
): Promise<{ issue(): Promise<object>; verify(): Promise<object> }> {
  const pair = await multikey.generate({ id: `${issuer}#key-1`, controller: issuer })
  const key = await pair.export({ publicKey: true, includeContext: true })
  const controller = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: issuer,
    assertionMethod: [key],
  }
  const own = new Map<string, object>([
    [issuer, controller],
    [key.id, key],
  ])
  const documentLoader = async (url: string) =>
    own.has(url) ? { documentUrl: url, document: own.get(url) } : defaultDocumentLoader(url)
  const suite = new DataIntegrityProof({ signer: pair.signer(), cryptosuite })
  const checking = new DataIntegrityProof({ cryptosuite })
  // RDF knows no claim that no context defines.
  const terms = { '@vocab': 'https://issuer.example/terms#' }
  const defined = { ...credential, '@context': [...(credential['@context'] as string[]), terms] }
  const issueIt = () => issue({ credential: structuredClone(defined), suite, documentLoader })
  const issued = await issueIt()
  const verifyIt = () => verifyCredential({ credential: issued, suite: checking, documentLoader })
  const { verified } = await verifyIt()
  if (!verified) throw new Error('the peer refuses its own credential')
  return { issue: issueIt, verify: verifyIt }
}
