import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json, JsonObject } from '@asoba/core'
import {
  createKey,
  type DidDocument,
  dereference,
  didJwkOf,
  didKeyOf,
  didResolver,
  jwk,
  jwkSigner,
  jwkToMultikey,
  key,
  validateDidDocument,
  webMethod,
} from '@asoba/did'
import { createWebvh, deactivateWebvh, updateWebvh, webvhMethod } from '@asoba/did/webvh'

// Writes what the W3C's DID test suite reads into a folder: what our resolver gives for DIDs of each
// method, and for errors; documents come from a web that is made up here.
//   node interop/did-inputs.ts FOLDER

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('which folder?')
const files = new Map<string, string>()
const resolver = didResolver({
  methods: [
    key,
    jwk,
    webMethod({ fetch: fetchFile }),
    webvhMethod({ fetch: fetchFile, returnDeactivatedDidDocument: true }),
  ],
  cache: false,
})
const by = { implementation: 'Asoba', implementer: 'Asoba' }

async function fetchFile(url: string | URL): Promise<Response> {
  const body = files.get(String(url))
  if (body === undefined) return new Response('', { status: 404 })
  const type = String(url).endsWith('l') ? 'application/jsonl' : 'application/did+json'
  return new Response(body, { headers: { 'content-type': type } })
}

function write(name: string, value: unknown): void {
  writeFileSync(join(folder as string, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`)
}

const kinds = ['EdDSA', 'ES256', 'ES384', 'ES512', 'ES256K'] as const
const keys = await Promise.all(kinds.map(createKey))
const didKeys = keys.map(({ publicJwk }) => didKeyOf(publicJwk))
const didJwks = keys.map(({ publicJwk }) => didJwkOf(publicJwk))
const service = (did: string) => [
  { id: `${did}#files`, type: 'LinkedDomains', serviceEndpoint: 'https://registry.example/files/' },
]

const web = 'did:web:registry.example'
const webKey = {
  id: `${web}#key-1`,
  type: 'JsonWebKey',
  controller: web,
  publicKeyJwk: keys[1]?.publicJwk,
}
files.set(
  'https://registry.example/.well-known/did.json',
  JSON.stringify({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: web,
    alsoKnownAs: ['https://registry.example'],
    verificationMethod: [webKey],
    authentication: [webKey.id],
    assertionMethod: [webKey.id],
    service: service(web),
  }),
)

const webvh = await webvhOf('registry.example')
const ended = await webvhOf('former.example', true)

async function webvhOf(host: string, over = false): Promise<string> {
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const multikey = jwkToMultikey(publicJwk)
  const verificationMethod = `did:key:${multikey}#${multikey}`
  const signer = await jwkSigner({ privateJwk, verificationMethod })
  const at = (day: number) => new Date(Date.UTC(2026, 0, day))
  const first = await createWebvh({ host, updateKeys: [multikey], signer, now: at(1) })
  const second = await updateWebvh(first.log, {
    signer,
    now: at(2),
    document: (current) => ({ ...current, service: service(first.did) }),
  })
  const { log } = over ? await deactivateWebvh(second.log, { signer, now: at(3) }) : second
  files.set(`https://${host}/.well-known/did.jsonl`, log)
  return first.did
}

// What a producer makes of documents, and a consumer of them.
const types = ['application/did+json', 'application/did+ld+json'] as const
for (const [name, dids] of Object.entries({
  key: didKeys,
  jwk: didJwks,
  web: [web],
  webvh: [webvh],
})) {
  const [first = ''] = dids
  const parameters: JsonObject =
    name === 'webvh'
      ? {
          service: `${first}?service=files`,
          relativeRef: `${first}?service=files&relativeRef=%2Fcv`,
          versionTime: `${first}?versionTime=2026-01-01T12:00:00Z`,
          versionId: `${first}?versionId=1-${first.split(':')[2]}`,
        }
      : {}
  const entries: [string, Json][] = []
  for (const did of dids) entries.push([did, await produced(did)])
  write(`did-asoba-${name}`, {
    didMethod: `did:${name}`,
    ...by,
    supportedContentTypes: types,
    dids,
    didParameters: parameters,
    ...Object.fromEntries(entries),
    conformingConsumers: dids.map((did) => consumed(did, entries)),
  })
}

async function produced(did: string): Promise<JsonObject> {
  const forms: [string, Json][] = []
  let properties: Json = {}
  for (const accept of types) {
    const found = await resolver.resolve(did, { accept })
    const { '@context': context, ...rest } = found.didDocument as DidDocument & JsonObject
    properties = rest as JsonObject
    forms.push([
      accept,
      {
        didDocumentDataModel: { representationSpecificEntries: { '@context': context as Json } },
        representation: JSON.stringify(found.didDocument),
        didDocumentMetadata: found.didDocumentMetadata as JsonObject,
        didResolutionMetadata: found.didResolutionMetadata as JsonObject,
      },
    ])
  }
  return { didDocumentDataModel: { properties }, ...Object.fromEntries(forms) }
}

function consumed(did: string, entries: readonly (readonly [string, Json])[]): JsonObject {
  const [, found] = entries.find(([name]) => name === did) ?? []
  const [accept] = types
  const { representation } = (
    found as Readonly<Record<string, { readonly representation: string }>>
  )[accept] as { readonly representation: string }
  const document = JSON.parse(representation) as JsonObject
  const { '@context': context, ...didDocumentDataModel } = document
  return {
    name: did,
    input: { representation, mediaType: accept },
    output: {
      didDocumentDataModel,
      representationSpecificEntries: { '@context': context as Json },
      errors: validateDidDocument(document, did).map(({ detail }) => detail),
    },
  }
}

// What a resolver answers.
const outcomes: Record<string, number[]> = {}
const executions: Json[] = []
function add(outcome: string, execution: unknown): void {
  outcomes[outcome] ??= []
  outcomes[outcome].push(executions.length)
  executions.push(execution as Json)
}

const good = [...didKeys, ...didJwks, web, webvh]
for (const did of good) add('defaultOutcome', await resolution(did))
for (const did of good) add('defaultOutcome', await representation(did, 'application/did+ld+json'))
for (const did of good) add('defaultOutcome', await representation(did, 'application/did+json'))
add('deactivatedOutcome', await resolution(ended))
for (const did of ['did:key', 'did:KEY:z6Mk', 'not a did', 'did:web:registry.example%zz']) {
  add('invalidDidErrorOutcome', await resolution(did))
}
for (const did of ['did:web:nobody.example', webvh.replace('registry', 'nobody')]) {
  add('notFoundErrorOutcome', await resolution(did))
}
add('representationNotSupportedErrorOutcome', await representation(web, 'application/did+cbor'))
add('methodNotSupportedErrorOutcome', await resolution('did:example:123'))
write('resolver-asoba', { ...by, didMethod: 'did:key', expectedOutcomes: outcomes, executions })

/** `resolve` of DID Core: the document; the media type belongs to `resolveRepresentation`. */
async function resolution(did: string): Promise<JsonObject> {
  const found = await resolver.resolve(did)
  const { contentType: _, ...didResolutionMetadata } = found.didResolutionMetadata
  return {
    function: 'resolve',
    input: { did, resolutionOptions: {} },
    output: {
      ...(found as unknown as JsonObject),
      didResolutionMetadata: didResolutionMetadata as JsonObject,
    },
  }
}

async function representation(did: string, accept: string): Promise<JsonObject> {
  const found = await resolver.resolve(did, { accept })
  const { didDocument, didDocumentMetadata, didResolutionMetadata } = found
  return {
    function: 'resolveRepresentation',
    input: { did, resolutionOptions: { accept } },
    output: {
      didResolutionMetadata: didResolutionMetadata as JsonObject,
      didDocumentStream: didDocument === null ? '' : JSON.stringify(didDocument),
      didDocumentMetadata: didDocumentMetadata as JsonObject,
    },
  }
}

// What DID URLs lead to.
const dereferencing: Json[] = []
const expected: Record<string, number[]> = {}
for (const [outcome, didUrl] of [
  ...good.map((did) => ['defaultOutcome', did] as const),
  ...didKeys.map((did) => ['defaultOutcome', `${did}#${did.slice(8)}`] as const),
  ...didJwks.map((did) => ['defaultOutcome', `${did}#0`] as const),
  ['defaultOutcome', `${web}#key-1`],
  ['defaultOutcome', `${web}?service=files&relativeRef=cv`],
  ['defaultOutcome', `${webvh}?versionTime=2026-01-01T12:00:00Z`],
  ['defaultOutcome', `${webvh}#files`],
  ['notFoundErrorOutcome', `${web}#key-2`],
  ['notFoundErrorOutcome', 'did:web:nobody.example'],
  ['notFoundErrorOutcome', `${web}?service=nothing`],
  ['invalidDidUrlErrorOutcome', 'bad:invalid'],
  ['invalidDidUrlErrorOutcome', `${web}/^bar^/`],
] as const) {
  const { dereferencingMetadata, content, contentMetadata } = await dereference(resolver, didUrl)
  expected[outcome] ??= []
  expected[outcome].push(dereferencing.length)
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  dereferencing.push({
    function: 'dereference',
    input: { didUrl, dereferenceOptions: {} },
    output: {
      dereferencingMetadata,
      contentStream: content === null ? '' : text,
      contentMetadata: contentMetadata as JsonObject,
    },
  })
}
write('dereferencer-asoba', {
  ...by,
  didMethod: 'did:key',
  expectedOutcomes: expected,
  executions: dereferencing,
})
