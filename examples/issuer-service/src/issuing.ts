import { fromBase64url } from '@asoba/core'
import type { NationTypes } from '@asoba/credentials'
import { jwkSigner, jwkThumbprint, keyFromSeed } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import {
  createIssuerServer,
  type IssueRequest,
  type IssuerServer,
  type IssuerServerOptions,
  x509Attesters,
} from '@asoba/openid4vc/issuer'
import type { PublishedStatusList } from '@asoba/status'
import { codeOf } from 'example-kit/log'
import type { ServiceParts } from 'example-kit/service'
import { didWebOf, type ServiceKey, type ServiceKeys } from 'example-kit/service-keys'
import { sqlOffers } from 'example-kit/stores/offers'
import { sqlReplay } from 'example-kit/stores/replay'
import type { TagStore } from 'example-kit/stores/tags'
import { type Application, claimsOf, issuedTypes } from './application.ts'
import { type Copies, createCopies, type Lists } from './copies.ts'
import { recordOf, referencesOf, superseded, withCopies, without } from './record.ts'
import type { Settings } from './settings.ts'

/** The issuing side, on the key that signs now. */
export interface Issuing {
  server(): Promise<IssuerServer>
  /** A status list as everybody may have it; `undefined` where there is none of this number. */
  statusList(number: number): Promise<PublishedStatusList | undefined>
  /**
   * Ends what was approved and issued under a tag: copies are revoked, and offers that nobody has
   * taken give nothing any more. The next approval is of the generation that it tells.
   */
  supersede(tag: Uint8Array): Promise<{ readonly generation: number; readonly revoked: number }>
}

/** Where wallets find the server; its metadata are under `/.well-known/`. */
export const issuerPath = '/oid4vci'

/** What verifiers name in their trust: the DID, or where there is a certificate the host in it. */
export function issuerOf(origin: string, { certificate }: Settings): string {
  return certificate === undefined ? didWebOf(origin) : `https://${new URL(origin).hostname}`
}

/** What an offer carries, sealed: an approved application, and the tag that its copies go under. */
export interface Subject {
  readonly application: Application
  /** base64url. */
  readonly tag: string
  /** Which approval of this person it is. */
  readonly generation: number
}

interface Made {
  readonly copies: Copies
  readonly server: IssuerServer
}

/** Issues by OpenID4VCI; all that it keeps lies in the stores. */
export function createIssuing(
  parts: ServiceParts,
  options: {
    readonly settings: Settings
    readonly keys: ServiceKeys
    readonly nation: NationTypes
    readonly tags: TagStore
    readonly lists: Lists
    /** Login and consent, where offers lead there. */
    readonly authorize: NonNullable<IssuerServerOptions['authorize']>
  },
): Issuing {
  const { origin, insecure, database, seal, telemetry, log } = parts
  const { settings, keys, nation, tags, lists, authorize } = options
  const { certificate, walletAttesters, keyAttesters, keyAttestation, redirectUris } = settings

  const make = async ({ id, privateJwk }: ServiceKey): Promise<Made> => {
    const signer = await jwkSigner(
      certificate === undefined
        ? { privateJwk, verificationMethod: `${didWebOf(origin)}#${id}` }
        : { ...certificate, verificationMethod: '' },
    )
    const issuer = issuerOf(origin, settings)
    const copies = createCopies(parts, { issuer, settings, nation, signer, lists })
    const issue = async ({ configuration, subject, holders }: IssueRequest) => {
      const type = issuedTypes.find((each) => each === configuration)
      const { application, tag: text, generation } = subject as unknown as Subject
      const tag = fromBase64url(text)
      if (type === undefined || application.type !== type || tag === undefined) return 'denied'
      if (recordOf(await tags.read(tag)).generation !== generation) return 'denied'
      const now = new Date()
      const made = await copies.issue({ type, claims: claimsOf(application, now), holders })
      // Before the wallet has them: a copy that nobody could revoke never leaves.
      const kept = await tags.update(tag, (held) =>
        withCopies(recordOf(held), { generation, copies: made, now, days: settings.validityDays }),
      )
      if (kept === undefined) return 'denied'
      telemetry.count('credentials.issued', { type })
      return made
    }
    const encryptionKey = await requestKey(parts)
    const server = createIssuerServer({
      url: origin + issuerPath,
      encryptionKey,
      configurations: Object.fromEntries(
        issuedTypes.map((type) => [
          type,
          {
            format: 'dc+sd-jwt' as const,
            type: nation[type],
            signedWith: 'ES256',
            ...(keyAttestation && { keyAttestation }),
            display: Object.entries(nation[type].label).map(([locale, name]) => ({ locale, name })),
          },
        ]),
      ),
      issue,
      seal,
      offers: sqlOffers(database),
      replay: sqlReplay(database),
      batchSize: settings.batchSize,
      ...(settings.grant === 'authorization_code' && { authorize }),
      ...(certificate !== undefined && { metadataSigner: signer }),
      ...(walletAttesters !== undefined && {
        walletAttestation: { keys: x509Attesters({ anchors: walletAttesters }), required: true },
      }),
      ...(keyAttesters && { keyAttesters: x509Attesters({ anchors: keyAttesters }) }),
      redirectUriAllowed: (_clientId, uri) => redirectUris.includes(uri) || 'usual',
      ...(settings.haip && { haip: true as const }),
      ...(settings.refreshDays > 0 && { refreshLifetime: settings.refreshDays * 86_400 }),
      // What nobody has shall not look valid.
      notified: async ({ event, status }) => {
        if (event !== 'credential_accepted') await copies.revoke(status)
      },
      failed: (error) => log('error', 'issuing-failed', { code: codeOf(error) }),
      display: [
        { locale: 'be', name: 'Рэестр грамадзянства' },
        { locale: 'en', name: 'Citizenship registry' },
      ],
      ...(insecure && { [allowInsecureLoopback]: true as const }),
    })
    return { copies, server }
  }

  let held: { readonly id: string; readonly made: Promise<Made> } | undefined
  const current = async (): Promise<Made> => {
    const key = await keys.current()
    if (held?.id !== key.id) held = { id: key.id, made: make(key) }
    return held.made
  }

  return {
    server: async () => (await current()).server,
    statusList: async (number) => (await current()).copies.published(number),
    supersede: async (tag) => {
      // First of all: what is being issued under the former approval finds that it is over.
      const record = await tags.update(tag, (before) => superseded(recordOf(before)))
      if (record === undefined) throw new Error('the tag was not changed')
      const { generation, batches } = record
      const references = referencesOf(record, lists.uriOf)
      await (await current()).copies.revoke(references)
      await tags.update(tag, (now) => without(recordOf(now), batches))
      return { generation, revoked: references.length }
    },
  }
}

/** What wallets may encrypt requests to, and get encrypted answers: the same on all replicas. */
async function requestKey({
  deriveKey,
}: ServiceParts): Promise<NonNullable<IssuerServerOptions['encryptionKey']>> {
  const seed = await deriveKey('credential-request')
  const { publicJwk, privateJwk } = await keyFromSeed('ES256', seed)
  return { ...privateJwk, kid: await jwkThumbprint(publicJwk) }
}
