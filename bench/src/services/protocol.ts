import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A server in a process of its own, so that who asks does not count. */
export interface Served {
  readonly origin: string
  /** CPU time that the process has used, in milliseconds, all its threads together. */
  cpu(): Promise<number>
  /** Heap after a collection, in bytes. */
  heap(): Promise<number>
  stop(): Promise<void>
}

/** Starts one of the servers by its name. */
export async function start(kind: string): Promise<Served> {
  const child: ChildProcess = fork(new URL('./server.ts', import.meta.url), [kind], {
    execArgv: ['--expose-gc'],
  })
  const [origin] = (await once(child, 'message')) as [string]
  const ask = async (what: 'cpu' | 'heap'): Promise<number> => {
    const answer = once(child, 'message') as Promise<[number]>
    child.send(what)
    return (await answer)[0]
  }
  return {
    origin,
    cpu: () => ask('cpu'),
    heap: () => ask('heap'),
    stop: async () => {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}
