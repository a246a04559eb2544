import type { JsonObject, Jwk, StatusReference } from '@asoba/core'
import { ageThresholds, nationTypes } from '@asoba/credentials'
import { createKey, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryStatusStore, tokenStatusList } from '@asoba/status'
import type { Wallet } from '@asoba/wallet'
import { createLog } from 'example-kit/log'
import { json } from 'example-kit/page'
import { createRateLimit } from 'example-kit/rate-limit'
import { createRouter } from 'example-kit/router'
import { serve } from 'example-kit/serve'
import { didWebOf } from 'example-kit/service-keys'
import { createTelemetry } from 'example-kit/telemetry'

/** A registry on loopback that gives to whoever comes: what a verifier needs to have something to verify. */
export interface Registry {
  readonly did: string
  readonly origin: string
  readonly publicJwk: Jwk
  give(
    wallet: Wallet,
    type: 'citizenship' | 'profession',
    copies: number,
  ): Promise<readonly StatusReference[]>
  revoke(references: readonly StatusReference[]): Promise<void>
  close(): Promise<void>
}

/** Somebody who may not be found in any log or database. */
export const planted: { readonly givenName: string; readonly familyName: string } = {
  givenName: 'Plantedgiven',
  familyName: 'Plantedfamily',
}

/** The claims of the planted person. */
export function plantedClaims(type: 'citizenship' | 'profession'): JsonObject {
  const names = { given_name: planted.givenName, family_name: planted.familyName }
  const evidence = { trust_framework: 'asoba', assurance_level: 'P2' }
  return type === 'citizenship'
    ? {
        citizen: true,
        ...names,
        birthdate: '1991-03-25',
        nationalities: ['BY'],
        age_equal_or_over: ageThresholds('1991-03-25', new Date()),
        evidence,
      }
    : {
        ...names,
        occupation: { isco_08: '2211', title: 'General practitioner' },
        entitled_to_practise: true,
        evidence,
      }
}

/** Starts a registry. */
export async function startRegistry(): Promise<Registry> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const nation = nationTypes({ origin: 'https://nation.example' })
  let made: Omit<Registry, 'close' | 'origin'> | undefined
  const server = await serve({
    origin: undefined,
    port: 0,
    host: '127.0.0.1',
    log: createLog('registry', () => undefined),
    telemetry: createTelemetry('registry', {}),
    rateLimit: createRateLimit({ perMinute: 100_000 }),
    proxies: 0,
    ready: async () => true,
    make: async (origin) => {
      const did = didWebOf(origin)
      const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#key-1` })
      const status = tokenStatusList({
        uri: `${origin}/status/1`,
        size: 8192,
        bits: 2,
        ttl: 1,
        lifetime: 3600,
        store: memoryStatusStore(),
        signer,
      })
      const issuer = createIssuer({
        issuer: did,
        types: { citizenship: nation.citizenship, profession: nation.profession },
        formats: [sdJwtVc({ signer })],
        status,
        validityDays: 90,
      })
      made = {
        did,
        publicJwk,
        give: async (wallet, type, copies) => {
          const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: copies })
          const claims = plantedClaims(type)
          const issued = await issuer.issue({ format: 'dc+sd-jwt', type, claims, holders })
          await wallet.receive(issued.map(({ wire }) => wire))
          return issued.flatMap((copy) => copy.status ?? [])
        },
        revoke: (references) => issuer.revoke(references),
      }
      const method = {
        id: `${did}#key-1`,
        type: 'JsonWebKey',
        controller: did,
        publicKeyJwk: publicJwk,
      }
      return createRouter([
        {
          method: 'GET',
          path: '/.well-known/did.json',
          handle: () =>
            json({
              '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
              id: did,
              verificationMethod: [method],
              assertionMethod: [method.id],
            }),
        },
        {
          method: 'GET',
          path: '/status/1',
          handle: async () => {
            const { body, headers } = await status.publish({ now: new Date() })
            return new Response(body, { headers })
          },
        },
      ])
    },
  })
  if (made === undefined) throw new Error('the registry did not start')
  return { ...made, origin: server.origin, close: () => server.close() }
}
