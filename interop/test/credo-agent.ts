import { EventEmitter } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  Agent,
  type AgentDependencies,
  type DependencyManager,
  DidKey,
  InjectionSymbols,
  Kms,
  type Module,
  X509Module,
} from '@credo-ts/core'
import {
  type OpenId4VciCredentialRequestToCredentialMapper,
  OpenId4VcModule,
} from '@credo-ts/openid4vc'
import { memoryKeys } from './credo-keys.ts'
import { memoryStorage, NoFiles } from './credo-storage.ts'

/** The peer asks for type metadata wherever a credential says; nothing of that leaves the machine. */
const onThisMachine: typeof fetch = async (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input)
  if (!['localhost', '127.0.0.1'].includes(hostname)) throw new TypeError('no such host')
  return fetch(input, init)
}

/** What the peer needs of its platform; nothing here opens a socket but by `fetch`. */
const dependencies: AgentDependencies = {
  FileSystem: NoFiles,
  EventEmitterClass: EventEmitter,
  fetch: onThisMachine,
  WebSocketClass: class {} as unknown as AgentDependencies['WebSocketClass'],
}

/** The peer's own storage in place of its native one. */
function storageModule(): Module {
  const storage = memoryStorage()
  return {
    register: (manager: DependencyManager) =>
      manager.registerInstance(InjectionSymbols.StorageService, storage),
  }
}

/** How the peer issues: what goes into a credential that somebody has a code for. */
export type Mapper = OpenId4VciCredentialRequestToCredentialMapper

/** An agent of Credo 0.6.3 that listens on a port of its own. */
export async function credoAgent(mapper: Mapper = nothing) {
  const server = createServer()
  const origin = await listen(server)
  const openid4vc = new OpenId4VcModule({
    issuer: { baseUrl: `${origin}/issuer`, credentialRequestToCredentialMapper: mapper },
    verifier: { baseUrl: `${origin}/verifier` },
  })
  server.on('request', openid4vc.config.app)
  const agent = new Agent({
    config: { allowInsecureHttpUrls: true, autoUpdateStorageOnStartup: true },
    dependencies,
    modules: {
      storage: storageModule(),
      kms: new Kms.KeyManagementModule({ backends: [memoryKeys()] }),
      x509: new X509Module({}),
      openid4vc,
    },
  })
  await agent.initialize()
  const close = async (): Promise<void> => {
    await agent.shutdown()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { agent, origin, close }
}

/** {@link credoAgent}. */
export type Credo = Awaited<ReturnType<typeof credoAgent>>

/** A did:key of the agent's, and the DID URL of its only key. */
export async function didKeyOf({ agent }: Pick<Credo, 'agent'>, crv: 'P-256' = 'P-256') {
  const { keyId, publicJwk } = await agent.kms.createKey({ type: { kty: 'EC', crv } })
  const { did } = new DidKey(Kms.PublicJwk.fromPublicJwk(publicJwk))
  const { didState } = await agent.dids.create({ method: 'key', options: { keyId } })
  if (didState.state !== 'finished') throw new Error('no did:key was made')
  return { did, didUrl: `${did}#${did.slice('did:key:'.length)}`, keyId }
}

/** Starts a server on a free port of this machine. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function nothing(): never {
  throw new Error('this agent issues nothing')
}
