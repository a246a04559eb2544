import { type Bbs2023Profile, bbs2023, bbsSigner, createBbsKey } from '@asoba/bbs'
import {
  fromBase64url,
  type HolderProof,
  type JsonObject,
  type Jwk,
  type StatusReference,
  toBase64url,
} from '@asoba/core'
import { type NationType, type NationTypes, nationTypes } from '@asoba/credentials'
import { createKey, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { signJws } from '@asoba/jwt'
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
  /** The same for credentials that are shown without a trace. */
  readonly bbsPublicJwk: Jwk
  /** Says something in the name of the issuer, as a compact JWS. */
  announce(what: JsonObject): Promise<string>
  /** Revokes copies and publishes the list anew, as a registry officer would. */
  revoke(references: readonly StatusReference[]): Promise<void>
}

/**
 * The two kinds of citizenship credential that can be shown without a trace. Issuer, wallets
 * and verifiers agree on them beforehand. One nym is enough for services; 16 keep up to 15
 * elections apart from each other for ever, and serve in elections only.
 */
export const anonymous: {
  readonly service: Bbs2023Profile & { readonly id: string }
  readonly election: Bbs2023Profile & { readonly id: string }
} = {
  service: { types: [nation.citizenship], nyms: 1, id: 'ldp_vc/bbs-2023/service' },
  election: {
    types: [nation.citizenship],
    nyms: 16,
    scopes: 'election',
    id: 'ldp_vc/bbs-2023/election',
  },
}

/** What the applicant posts. */
export interface Application {
  readonly format: string
  readonly type: string
  readonly claims: JsonObject
  readonly holders: readonly HolderProof[]
}

/** An application as JSON: a commitment is bytes, which JSON has not. */
export function applicationText({ holders, ...rest }: Application): string {
  const written = holders.map((holder) =>
    holder.kind === 'bbs-commitment'
      ? { kind: holder.kind, commitmentWithProof: toBase64url(holder.commitmentWithProof) }
      : holder,
  )
  return JSON.stringify({ ...rest, holders: written })
}

function readApplication(text: string): Application {
  const { holders, ...rest } = JSON.parse(text) as Application
  const read = holders.map((holder) =>
    holder.kind === 'bbs-commitment'
      ? {
          kind: holder.kind,
          commitmentWithProof: fromBase64url(String(holder.commitmentWithProof)) ?? noBytes,
        }
      : holder,
  )
  return { ...rest, holders: read }
}

const noBytes = new Uint8Array()

/**
 * An issuer on loopback: DID document, issuing endpoint, status list and type
 * metadata. It answers an application and forgets it.
 */
export async function startIssuer(
  types: Readonly<Record<string, NationType>>,
): Promise<IssuingParty> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const bbsKey = createBbsKey()
  let did = ''
  let revoke: IssuingParty['revoke'] | undefined
  let announce: IssuingParty['announce'] | undefined
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
    // Without a status list: an index would tell which credential it is. They live for one
    // epoch of 90 days instead, the same for everybody.
    const forBbs = bbsSigner({ ...bbsKey, verificationMethod: `${did}#bbs-1` })
    const bbsFormats = Object.values(anonymous).map((profile) =>
      bbs2023({ ...profile, signer: forBbs }),
    )
    const bbsIssuer = createIssuer({
      issuer: did,
      types: { citizenship: nation.citizenship },
      formats: bbsFormats,
      status: 'none',
      validityDays: { citizenship: { epochDays: 90 } },
    })
    announce = (what) => signJws({ typ: 'election-manifest+jwt' }, what, signer)
    let list = await status.publish({ now: new Date() })
    revoke = async (references) => {
      await issuer.revoke(references)
      list = await status.publish({ now: new Date() })
    }
    const document = {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
      id: did,
      verificationMethod: [
        { id: `${did}#key-1`, type: 'JsonWebKey2020', controller: did, publicKeyJwk: publicJwk },
        {
          id: `${did}#bbs-1`,
          type: 'JsonWebKey2020',
          controller: did,
          publicKeyJwk: bbsKey.publicJwk,
        },
      ],
      assertionMethod: [`${did}#key-1`, `${did}#bbs-1`],
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
        const { format, type, ...rest } = readApplication(await request.text())
        return json(
          format === 'dc+sd-jwt'
            ? await issuer.issue({ format, type, ...rest })
            : await bbsIssuer.issue({ format, type: 'citizenship', ...rest }),
        )
      }
      return undefined
    }
  })
  if (revoke === undefined || announce === undefined) throw new Error('the issuer did not start')
  return {
    ...party,
    did,
    publicJwk: publicJwk as unknown as JsonObject,
    bbsPublicJwk: bbsKey.publicJwk,
    revoke,
    announce,
  }
}
