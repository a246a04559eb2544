import { createHash } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Holds a folder for this process alone. */
export interface FolderLock {
  release(): Promise<void>
}

/**
 * Locks a folder as long as the process lives, however it ends: by a socket in it that somebody
 * answers at. A number of a process in a file would be believed after a crash, and is the same in
 * every container.
 *
 * @throws Error where another process has the folder
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = pathOf(await realpath(folder))
  for (let tries = 0; tries < 3; tries++) {
    const server = await listen(path)
    if (server !== undefined) return { release: () => closed(server) }
    if (await isAnswered(path)) break
    // Left by a process that was killed.
    await rm(path, { force: true })
  }
  throw new Error('another process uses this data folder: give it one of its own, or DATABASE_URL')
}

function pathOf(folder: string): string {
  const path = join(folder, 'lock')
  if (process.platform === 'win32') return `\\\\.\\pipe\\asoba-${hashOf(folder)}`
  // What the kernel takes as the address of a socket.
  return Buffer.byteLength(path) < 100 ? path : join(tmpdir(), `asoba-${hashOf(folder)}`)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function listen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error: Error & { readonly code?: string }) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
