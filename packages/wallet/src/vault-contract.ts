/**
 * What every vault must do, as cases for any test runner.
 *
 * @module
 */

import { equalBytes, fromUtf8, utf8, type Vault } from '@asoba/core'

/** One thing that a vault must do. */
export interface VaultCase {
  /** A sentence of behaviour. */
  readonly name: string
  /** Runs on a fresh, empty vault; throws an `Error` where the vault fails. */
  run(vault: Vault): Promise<void>
}

/** The cases. Run each on a vault of its own. */
export const vaultContract: readonly VaultCase[] = [
  {
    name: 'gives back the bytes that were set',
    run: async (vault) => {
      await vault.set('a', utf8('one'))
      await vault.set('ключ/é', new Uint8Array([0, 255, 128]))
      ensure(isText(await vault.get('a'), 'one'), 'other bytes came back')
      const odd = await vault.get('ключ/é')
      ensure(odd !== undefined && equalBytes(odd, new Uint8Array([0, 255, 128])), 'not binary-safe')
    },
  },
  {
    name: 'has nothing under a name that was not set',
    run: async (vault) => {
      ensure((await vault.get('absent')) === undefined, 'something came back')
      await vault.delete('absent')
      ensure((await vault.list()).length === 0, 'a deletion made a record')
    },
  },
  {
    name: 'replaces a record',
    run: async (vault) => {
      await vault.set('a', utf8('one'))
      await vault.set('a', utf8('two'))
      ensure(isText(await vault.get('a'), 'two'), 'the old record came back')
      ensure((await vault.list()).length === 1, 'there are two records')
    },
  },
  {
    name: 'lists exactly what is there',
    run: async (vault) => {
      for (const id of ['b', 'a', 'c']) await vault.set(id, utf8(id))
      await vault.delete('b')
      ensure([...(await vault.list())].sort().join() === 'a,c', 'the list is wrong')
      ensure((await vault.get('b')) === undefined, 'a deleted record came back')
    },
  },
  {
    name: 'keeps its own bytes, whatever the caller does with theirs',
    run: async (vault) => {
      const mine = utf8('one')
      await vault.set('a', mine)
      mine.fill(0)
      const read = await vault.get('a')
      ensure(isText(read, 'one'), 'the caller wrote into the vault')
      read?.fill(0)
      ensure(isText(await vault.get('a'), 'one'), 'a reader wrote into the vault')
    },
  },
  {
    name: 'takes names of objects for what they are: names',
    run: async (vault) => {
      for (const id of ['__proto__', 'constructor', 'toString']) {
        ensure((await vault.get(id)) === undefined, 'something came back')
        await vault.set(id, utf8(id))
        ensure(isText(await vault.get(id), id), 'other bytes came back')
      }
      ensure((await vault.list()).length === 3, 'the list is wrong')
    },
  },
  {
    name: 'has nothing after it was erased, and can be used again',
    run: async (vault) => {
      await vault.set('a', utf8('one'))
      await vault.set('b', utf8('two'))
      await vault.erase()
      await vault.erase()
      ensure((await vault.list()).length === 0, 'records are listed')
      ensure((await vault.get('a')) === undefined, 'a record came back')
      await vault.set('a', utf8('three'))
      ensure(isText(await vault.get('a'), 'three'), 'it cannot be used again')
    },
  },
]

function isText(bytes: Uint8Array | undefined, text: string): boolean {
  return bytes !== undefined && fromUtf8(bytes) === text
}

function ensure(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`vault contract: ${otherwise}`)
}
