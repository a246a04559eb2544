import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ageThresholds } from '@asoba/credentials'
import { createRegistry } from './src/agent.ts'
import { handle } from './src/handle.ts'

// node main.ts did:key:z… [port]: an agent of Veramo that issues our citizenship, and takes
// professions that this partner vouches for. Prints one line of JSON when it listens.
const [partner = '', port = '0'] = process.argv.slice(2)
const codes = new Map<string, object>()
const server = createServer(async (incoming, outgoing) => {
  try {
    const { method = 'GET', url = '/' } = incoming
    const body = Buffer.concat(await incoming.toArray())
    const request = new Request(origin() + url, { method, ...(method !== 'GET' && { body }) })
    const response = await handle(await registry, request, codes)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  } catch {
    outgoing.writeHead(400).end()
  }
})
const origin = () => `http://localhost:${(server.address() as AddressInfo).port}`
await new Promise<void>((listening) => server.listen(Number(port), 'localhost', listening))
const registry = createRegistry(origin(), partner)
const code = crypto.randomUUID() // for somebody who was identified; how is another matter
codes.set(code, {
  citizen: true,
  age_equal_or_over: ageThresholds('1991-03-25', new Date()),
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
})
const { did } = (await registry).identifier
console.log(JSON.stringify({ origin: origin(), did, code }))
process.once('SIGTERM', () => server.close())
