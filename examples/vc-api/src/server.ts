import { AsobaError, type StatusSource } from '@asoba/core'
import { type ContextDocument, createJsonLd } from '@asoba/data-integrity'
import { didResolver, jwk, key, web } from '@asoba/did'
import { webvhMethod } from '@asoba/did/webvh'
import { httpStatusSource } from '@asoba/status'
import { examplesContext } from './contexts.ts'
import { createIssuers, type Issuing } from './issuers.ts'
import { type Handler, type Listening, type ListenOptions, listen } from './listen.ts'
import { createHolder } from './prove.ts'
import { type LogLine, router } from './router.ts'
import { routesOf } from './routes.ts'
import { createStatusLists } from './status-lists.ts'
import { allSuites } from './suites.ts'

/** What the server is started with. */
export interface ServerOptions extends ListenOptions {
  /** Address under which it is reached, where that is another than where it listens. */
  readonly baseUrl?: string
  /** DIDs of issuers to believe beside its own; `any` for every DID that resolves. */
  readonly trust: 'any' | readonly string[]
  /** Whether it may ask hosts for did:web, did:webvh and status lists. */
  readonly network: boolean
  /** JSON-LD contexts beside those that are bundled. */
  readonly contexts: readonly ContextDocument[]
  readonly log: (line: LogLine) => void
}

/** A server that runs. */
export interface Running extends Listening {
  readonly base: string
}

/** Starts the server, with keys of its own that it forgets at its end. */
export async function startServer(options: ServerOptions): Promise<Running> {
  const { host, port, tls, network } = options
  let handler: Handler | undefined
  const listening = await listen((request) => (handler as Handler)(request), {
    host,
    port,
    ...(tls && { tls }),
  })
  const own = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}`
  const base = (options.baseUrl ?? `${own}:${listening.port}`).replace(/\/$/, '')
  const jsonLd = createJsonLd({ contexts: [examplesContext, ...options.contexts] })
  const issuers = await createIssuers(jsonLd)
  const status = createStatusLists(base, issuers.get('eddsa-rdfc-2022') as Issuing)
  const ownDids = [...issuers.values()].map(({ issuer }) => issuer)
  const routes = routesOf({
    base,
    jsonLd,
    issuers,
    status,
    holder: await createHolder(),
    suites: allSuites(jsonLd),
    resolver: didResolver({
      methods: [key, jwk, ...(network ? [web, webvhMethod({ fetch })] : [])],
    }),
    trust: options.trust === 'any' ? 'any' : new Set([...ownDids, ...options.trust]),
    statusIssuer: status.issuer,
    statusSource: status.source(network ? httpStatusSource({ fetch }) : nowhere),
  })
  handler = router(routes, options.log)
  return { ...listening, base }
}

const nowhere: StatusSource = {
  get: () => Promise.reject(new AsobaError('status.unavailable', 'no host is asked')),
}
