import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../src/database.ts'
import { lockFolder } from '../src/folder-lock.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asoba-lock-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a folder is one’s until it is given back', async () => {
  for (const name of ['short', 'long'.repeat(40)]) {
    const place = join(folder, name)
    const lock = await lockFolder(place)
    await expect(lockFolder(place)).rejects.toThrow('another process')
    const other = await lockFolder(`${place}-other`)
    await lock.release()
    await (await lockFolder(place)).release()
    await other.release()
  }
})

test('what a killed process left keeps nobody out', async () => {
  const place = join(folder, 'left')
  await (await lockFolder(place)).release()
  await writeFile(join(place, 'lock'), '')
  await (await lockFolder(place)).release()
})

test('a database is opened once, and again when it was closed', async () => {
  const place = join(folder, 'database')
  const database = await openDatabase({ folder: place })
  await expect(openDatabase({ folder: place })).rejects.toThrow('another process')
  await database.destroy()
  await (await openDatabase({ folder: place })).destroy()
})
