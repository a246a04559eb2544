import { AsobaError, fromBase64url, type JsonObject, type Signer } from '@asoba/core'
import { jwkToMultikey } from '@asoba/did'
import {
  createWebvh,
  deactivateWebvh,
  updateWebvh,
  type WebvhHostOptions,
  type WebvhLog,
} from '@asoba/did/webvh'
import type { IAgentContext, IIdentifier, IKey, IKeyManager } from '@veramo/core'
import type { AbstractIdentifierProvider } from '@veramo/did-manager'
import { type DidProviderOptions, deleteKeys } from './did-jwk-provider.ts'
import { jwkOfManagedKey, toHex } from './key-forms.ts'

/** Where the logs of did:webvh DIDs lie; publishing them is the caller's. */
export interface WebvhLogs {
  /** The whole `did.jsonl` of a DID. */
  get(did: string): Promise<string | undefined>
  /** Puts the log with its new line; what is published must be the whole of it. */
  put(did: string, log: string): Promise<void>
}

/** What {@link didWebvhProvider} is made of. */
export interface DidWebvhProviderOptions extends DidProviderOptions, WebvhHostOptions {
  readonly logs: WebvhLogs
  /** The host of new DIDs, unless `options.host` of a call says another. */
  readonly host: string
  /** The clock. */
  readonly now?: () => Date
}

type Context = IAgentContext<IKeyManager>
type Document = Readonly<Record<string, unknown>>

/**
 * did:webvh for `DIDManager`: a log that shows every change. An Ed25519 key updates the log and
 * stands nowhere in the document; keys for credentials come with `didManagerAddKey`, the first is
 * made at creation (`options.keyType`, `Ed25519` where left out). `options.path` are segments.
 */
export function didWebvhProvider(options: DidWebvhProviderOptions): AbstractIdentifierProvider {
  const { defaultKms, logs, host, now = () => new Date(), ...hostRules } = options

  const change = async (
    identifier: IIdentifier,
    context: Context,
    document: (current: JsonObject) => JsonObject,
  ): Promise<WebvhLog> => {
    const { did } = identifier
    const log = await logs.get(did)
    if (log === undefined) throw new AsobaError('did.not-found', 'there is no log of the DID')
    const signer = updater(identifier, context)
    const next = await updateWebvh(log, { ...hostRules, signer, now: now(), document })
    await logs.put(did, next.log)
    return next
  }

  return {
    async createIdentifier({ kms = defaultKms, options: asked }, context) {
      const { agent } = context
      const { keyType = 'Ed25519', path } = (asked ?? {}) as {
        readonly keyType?: string
        readonly path?: readonly string[]
      }
      const update = await agent.keyManagerCreate({
        kms,
        type: 'Ed25519',
        meta: { purpose: 'webvh-update' },
      })
      const key = await agent.keyManagerCreate({ kms, type: keyType })
      const made = await createWebvh({
        ...hostRules,
        host: (asked as { readonly host?: string } | undefined)?.host ?? host,
        ...(path && { path }),
        updateKeys: [multikeyOf(update)],
        signer: signerOf(update, context),
        now: now(),
        document: (did) => withKey({}, did, key),
      })
      await logs.put(made.did, made.log)
      return { did: made.did, controllerKeyId: update.kid, keys: [update, key], services: [] }
    },
    async updateIdentifier({ did, document }, context) {
      const identifier = await (
        context.agent as unknown as {
          didManagerGet(args: { did: string }): Promise<IIdentifier>
        }
      ).didManagerGet({ did })
      await change(identifier, context, () => document as unknown as JsonObject)
      return identifier
    },
    async deleteIdentifier(identifier, context) {
      const log = await logs.get(identifier.did)
      if (log !== undefined) {
        const signer = updater(identifier, context)
        const ended = await deactivateWebvh(log, { ...hostRules, signer, now: now() })
        await logs.put(identifier.did, ended.log)
      }
      return deleteKeys(identifier, context)
    },
    addKey: async ({ identifier, key }, context) =>
      versionOf(
        await change(identifier, context, (current) => withKey(current, identifier.did, key)),
      ),
    removeKey: async ({ identifier, kid }, context) => {
      const gone = identifier.keys.find((key) => key.kid === kid)
      if (gone === undefined) throw new AsobaError('signer.missing', 'the DID has no such key')
      const id = `${identifier.did}#${multikeyOf(gone)}`
      return versionOf(await change(identifier, context, (current) => without(current, id)))
    },
    addService: async ({ identifier, service }, context) =>
      versionOf(
        await change(identifier, context, (current) => ({
          ...current,
          service: [...listOf(current, 'service'), service as unknown as JsonObject],
        })),
      ),
    removeService: async ({ identifier, id }, context) =>
      versionOf(await change(identifier, context, (current) => without(current, id))),
    matchPrefix: (text) => text.startsWith('did:webvh'),
  }
}

function versionOf({ versionId }: WebvhLog): { readonly versionId: string } {
  return { versionId }
}

/** The key that may update: the controller key of the identifier. */
function updater(identifier: IIdentifier, context: Context): Signer {
  const key = identifier.keys.find(({ kid }) => kid === identifier.controllerKeyId)
  if (key === undefined) throw new AsobaError('signer.missing', 'the update key is not here')
  return signerOf(key, context)
}

function signerOf(key: Omit<IKey, 'kms'>, { agent }: Context): Signer {
  const multikey = multikeyOf(key)
  return {
    algorithm: 'EdDSA',
    verificationMethod: `did:key:${multikey}#${multikey}`,
    async sign(data) {
      const asked = { data: toHex(data), encoding: 'base16', algorithm: 'EdDSA' } as const
      const signature = fromBase64url(await agent.keyManagerSign({ keyRef: key.kid, ...asked }))
      if (signature === undefined) throw new AsobaError('key.unsupported', 'no EdDSA signature')
      return signature
    },
  }
}

function multikeyOf(key: Pick<IKey, 'type' | 'publicKeyHex'>): string {
  const jwk = jwkOfManagedKey(key)
  if (jwk === undefined) throw new AsobaError('key.unsupported', 'no Multikey of such a key')
  return jwkToMultikey(jwk)
}

function withKey(
  current: JsonObject,
  did: string,
  key: Pick<IKey, 'type' | 'publicKeyHex'>,
): JsonObject {
  const multikey = multikeyOf(key)
  const id = `${did}#${multikey}`
  const method = { id, type: 'Multikey', controller: did, publicKeyMultibase: multikey }
  const purposes = key.type === 'X25519' ? ['keyAgreement'] : ['assertionMethod', 'authentication']
  return {
    ...current,
    verificationMethod: [...listOf(current, 'verificationMethod'), method],
    ...Object.fromEntries(purposes.map((name) => [name, [...listOf(current, name), id]])),
  }
}

/** The document without what has this id, and without what refers to it. */
function without(current: JsonObject, id: string): JsonObject {
  const is = (one: unknown): boolean => one === id || (one as Document | null)?.['id'] === id
  return Object.fromEntries(
    Object.entries(current).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.filter((one: unknown) => !is(one)) : value,
    ]),
  ) as JsonObject
}

function listOf(current: JsonObject, name: string): readonly JsonObject[] {
  const list = current[name]
  return Array.isArray(list) ? (list as readonly JsonObject[]) : []
}
