import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRegistry } from './src/agent.ts'
import { serve } from './src/serve.ts'

// node main.ts did:key:z… [port]: an agent of Veramo that issues our citizenship to any wallet, and
// takes professions that this partner vouches for. Prints one line of JSON when it listens.
const [partner = '', port = '0'] = process.argv.slice(2)
const server = createServer(async (incoming, outgoing) => {
  const { method = 'GET', url = '/' } = incoming
  const body = method === 'GET' ? {} : { body: Buffer.concat(await incoming.toArray()) }
  const headers = incoming.headers as Record<string, string>
  const { handle } = await registry
  const response = await handle(new Request(origin() + url, { method, headers, ...body }))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
})
const origin = () => `http://localhost:${(server.address() as AddressInfo).port}`
await new Promise<void>((listening) => server.listen(Number(port), 'localhost', listening))
const registry = createRegistry(origin(), partner).then((made) => serve(made, origin()))
const { did, offer } = await registry
const { link, txCode } = await offer('1991-03-25') // to somebody who was identified
console.log(JSON.stringify({ origin: origin(), did, link, txCode }))
process.once('SIGTERM', () => server.close())
