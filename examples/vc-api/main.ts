import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { contextsOf } from './src/contexts.ts'
import { startServer } from './src/server.ts'

const help = `A VC-API server over Asoba: issues, verifies, derives, resolves; see README.md.

Usage: node examples/vc-api/main.ts [--port 8080] [options]

  --port N           where to listen; 0 for any free port (8080)
  --host NAME        on which address (127.0.0.1)
  --base-url URL     under which address others reach it
  --tls-cert FILE    PEM, with --tls-key FILE: https instead of http
  --trust DID        an issuer to believe beside its own; may be repeated;
                     \`any\` for every DID that resolves, as conformance suites need it
  --network          may ask hosts for did:web, did:webvh and status lists
  --contexts FILE    JSON-LD contexts beside the bundled: one JSON object, URL to document
  --help             this text

There is no access control: whoever reaches it can issue. It prints its address, then one
line for each request: method, route, status, milliseconds.
`

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        'base-url': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        trust: { type: 'string', multiple: true, default: [] },
        network: { type: 'boolean', default: false },
        contexts: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const { 'tls-cert': cert, 'tls-key': key, contexts, trust, 'base-url': baseUrl } = values
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return undefined
    if ((cert === undefined) !== (key === undefined)) return undefined
    if (trust.some((one) => one !== 'any' && !one.startsWith('did:'))) return undefined
    if (baseUrl !== undefined && !URL.canParse(baseUrl)) return undefined
    const tls = cert !== undefined && key !== undefined && { cert: text(cert), key: text(key) }
    return {
      help: values.help,
      port,
      host: values.host,
      network: values.network,
      trust: trust.includes('any') ? ('any' as const) : trust,
      contexts: contexts === undefined ? [] : contextsOf(JSON.parse(text(contexts))),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(tls && { tls }),
    }
  } catch {
    return undefined
  }
}

function text(file: string): string {
  return readFileSync(file, 'utf8')
}

const given = readArguments()
if (given === undefined) {
  process.stderr.write(`an argument is not as it should be\n\n${help}`)
  process.exitCode = 2
} else if (given.help) {
  process.stdout.write(help)
} else {
  const server = await startServer({
    ...given,
    log: ({ method, route, status, milliseconds }) =>
      process.stdout.write(`${method} ${route} ${status} ${milliseconds}\n`),
  })
  process.stdout.write(`${server.base}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close())
  }
}
