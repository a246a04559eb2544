import type { HolderProof, JsonObject, StatusReference } from '@asoba/core'
import { type NationType, type NationTypes, nationTypes } from '@asoba/credentials'
import { createKey, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryStatusStore, tokenStatusList } from '@asoba/status'
import { json, type Party, startParty } from './server.ts'

/** The nation under whose domain the credential types are published. */
export const nation: NationTypes = nationTypes({ origin: 'https://nation.example' })

/** An issuer with its server. */
export interface IssuingParty extends Party {
  readonly did: string
  /** The public key, for those who must verify without a network. */
  readonly publicJwk: JsonObject
  /** Revokes copies and publishes the list anew, as a registry officer would. */
  revoke(references: readonly StatusReference[]): Promise<void>
}

/** What the applicant posts. */
export interface Application {
  readonly type: string
  readonly claims: JsonObject
  readonly holders: readonly HolderProof[]
}

/**
 * An issuer on loopback: DID document, issuing endpoint, status list and type
 * metadata. It answers an application and forgets it.
 */
export async function startIssuer(
  types: Readonly<Record<string, NationType>>,
): Promise<IssuingParty> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  let did = ''
  let revoke: IssuingParty['revoke'] | undefined
  const party = await startParty(async (origin) => {
    did = `did:web:127.0.0.1%3A${new URL(origin).port}`
    const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#key-1` })
    const status = tokenStatusList({
      uri: `${origin}/status/1`,
      size: 131_072,
      bits: 2,
      ttl: 300,
      lifetime: 86_400,
      store: memoryStatusStore(),
      signer,
    })
    const issuer = createIssuer({
      issuer: did,
      types,
      formats: [sdJwtVc({ signer })],
      status,
      validityDays: 90,
    })
    let list = await status.publish({ now: new Date() })
    revoke = async (references) => {
      await issuer.revoke(references)
      list = await status.publish({ now: new Date() })
    }
    const document = {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
      id: did,
      verificationMethod: [
        { id: `${did}#key-1`, type: 'JsonWebKey', controller: did, publicKeyJwk: publicJwk },
      ],
      assertionMethod: [`${did}#key-1`],
    }

    return async (request, { pathname }) => {
      if (pathname === '/.well-known/did.json') return json(document)
      if (pathname === '/status/1') return new Response(list.body, { headers: list.headers })
      const type = Object.values(types).find(({ vct }) => new URL(vct).pathname === pathname)
      if (type !== undefined) {
        return new Response(type.metadata as BodyInit, {
          headers: { 'content-type': 'application/json' },
        })
      }
      if (pathname === '/apply' && request.method === 'POST') {
        const application = (await request.json()) as Application
        return json(
          await issuer.issue({
            format: 'dc+sd-jwt',
            type: application.type,
            claims: application.claims,
            holders: application.holders,
          }),
        )
      }
      return undefined
    }
  })
  if (revoke === undefined) throw new Error('the issuer did not start')
  return { ...party, did, publicJwk: publicJwk as unknown as JsonObject, revoke }
}
