import type { JsonObject } from '@asoba/core'
import type { IIdentifier } from '@veramo/core'
import { jwkOfManagedKey } from './key-forms.ts'

/**
 * The document to serve for a did:web of an agent, as `/.well-known/did.json` or below its path:
 * every key that the agent has for it, named by its `kid`, which is the name that `agentSigner`
 * signs under before the document is there. As `JsonWebKey2020`, which every wallet and verifier reads. Keys for key agreement are listed for that alone.
 */
export function didWebDocument({ did, keys, services }: IIdentifier): JsonObject {
  const found = keys.flatMap((key) => {
    const publicKeyJwk = jwkOfManagedKey(key)
    return publicKeyJwk === undefined ? [] : [{ id: `${did}#${key.kid}`, publicKeyJwk }]
  })
  const idsOf = (agreement: boolean): readonly string[] =>
    found
      .filter(({ publicKeyJwk }) => (publicKeyJwk.crv === 'X25519') === agreement)
      .map(({ id }) => id)
  return JSON.parse(
    JSON.stringify({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
      id: did,
      verificationMethod: found.map((one) => ({ ...one, type: 'JsonWebKey2020', controller: did })),
      authentication: idsOf(false),
      assertionMethod: idsOf(false),
      ...(idsOf(true).length > 0 && { keyAgreement: idsOf(true) }),
      ...(services.length > 0 && { service: services }),
    }),
  ) as JsonObject
}
