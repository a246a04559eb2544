import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service in a process of its own. */
export interface Replica {
  readonly port: number
  /** Everything that it wrote to its log. */
  readonly lines: string[]
  /** Ends it as a power cut would. */
  cut(): Promise<void>
  /** Ends it as an operator would; its exit code. */
  stop(): Promise<number | null>
}

/** Starts `main.ts` of a service on a free port, and waits until it listens. */
export async function startReplica(
  main: URL,
  variables: Readonly<Record<string, string>>,
): Promise<Replica> {
  const child: ChildProcess = spawn(process.execPath, [main.pathname], {
    env: { PATH: process.env['PATH'], PORT: '0', RATE_PER_MINUTE: '1000000', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  // Should the test run be ended itself.
  const orphan = (): void => void child.kill('SIGKILL')
  process.once('exit', orphan)
  void ended.then(() => process.off('exit', orphan))
  const lines: string[] = []
  const port = await new Promise<number>((resolve, reject) => {
    let rest = ''
    child.stdout?.on('data', (part) => {
      const parts = (rest + String(part)).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) {
        lines.push(line)
        const found = /"event":"listening","port":(\d+)/.exec(line)?.[1]
        if (found !== undefined) resolve(Number(found))
      }
    })
    child.stderr?.on('data', (part) => lines.push(String(part)))
    child.once('exit', () => reject(new Error(`the service did not start: ${lines.join('\n')}`)))
  })
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    return ended
  }
  return {
    port,
    lines,
    cut: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}

/** One address for many replicas. A request that a dead one did not answer goes to the next. */
export interface Balancer {
  readonly origin: string
  /** Ports that it knows; may be changed at any time. */
  readonly ports: number[]
  close(): Promise<void>
}

/** Starts a balancer: round robin, no session sticks to a replica. */
export async function startBalancer(): Promise<Balancer> {
  const ports: number[] = []
  let turn = 0
  const server: Server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part) => parts.push(part as Buffer))
    incoming.on('end', () => {
      const first = turn++
      const attempt = (tried: number): void => {
        if (tried > 5) {
          outgoing.writeHead(502).end()
          return
        }
        let over = false
        // Not what others ask at the same moment decides who is next, but who was asked already.
        const again = (): void => {
          if (!over) attempt(tried + 1)
          over = true
        }
        const sent = request(
          {
            port: ports[(first + tried) % Math.max(1, ports.length)] ?? 0,
            host: '127.0.0.1',
            path: incoming.url,
            method: incoming.method,
            headers: incoming.headers,
            agent: false,
          },
          (answer) => {
            const body: Buffer[] = []
            answer.on('data', (part) => body.push(part as Buffer))
            answer.on('error', again)
            answer.on('end', () => {
              if (!answer.complete) return
              over = true
              outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
              outgoing.end(Buffer.concat(body))
            })
          },
        )
        sent.on('error', again)
        sent.end(Buffer.concat(parts))
      }
      attempt(0)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    ports,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
