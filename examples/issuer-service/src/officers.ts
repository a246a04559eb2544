import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Seal } from '@asoba/core/seal'
import { cookie, cookieOf } from 'example-kit/page'
import { createRateLimit } from 'example-kit/rate-limit'

/** Who may approve applications. */
export interface Officers {
  /** Whether name and password go together; slow, and limited for each name. */
  login(name: string, password: string): Promise<boolean>
  /** The cookie of a session, sealed. */
  open(name: string): Promise<string>
  readonly close: string
  /** The officer of the session, if there is one. */
  of(request: Request): Promise<string | undefined>
}

const cost = { N: 32_768, r: 8, p: 1, maxmem: 67_108_864 }
const purpose = 'asoba/officer/v1'
const hours = 8

/** A password as the settings keep it. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt$${salt.toString('base64url')}$${(await derived(password, salt)).toString('base64url')}`
}

function derived(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

/** Officers of the settings. */
export function createOfficers(options: {
  readonly officers: Readonly<Record<string, string>>
  readonly seal: Seal
  readonly origin: string
}): Officers {
  const { officers, seal, origin } = options
  const name = origin.startsWith('https:') ? '__Host-officer' : 'officer'
  const limit = createRateLimit({ perMinute: 10 })
  const nobody = `scrypt$${randomBytes(16).toString('base64url')}$${randomBytes(32).toString('base64url')}`
  return {
    login: async (officer, password) => {
      if (limit.take(officer) > 0) return false
      // An unknown name takes as long as a known one.
      const known = Object.hasOwn(officers, officer) ? officers[officer] : undefined
      const [, salt = '', hash = ''] = (known ?? nobody).split('$')
      const expected = Buffer.from(hash, 'base64url')
      const given = await derived(password, Buffer.from(salt, 'base64url'))
      return expected.length === 32 && timingSafeEqual(given, expected) && known !== undefined
    },
    open: async (officer) => {
      const expires = new Date(Date.now() + hours * 3_600_000)
      const value = await seal.seal({ officer }, { expires, purpose })
      return cookie(name, value, { origin, maxAge: hours * 3600, sameSite: 'Strict' })
    },
    close: cookie(name, '', { origin, maxAge: 0, sameSite: 'Strict' }),
    of: async (request) => {
      try {
        const text = cookieOf(request, name) ?? ''
        const session = await seal.unseal(text, { now: new Date(), purpose })
        const { officer } = session as { readonly officer: string }
        // Who was struck off the list has no session any more.
        return Object.hasOwn(officers, officer) ? officer : undefined
      } catch {
        return undefined
      }
    },
  }
}

/**
 * The one officer of a service that is tried out on one machine; the password lies in its folder.
 */
export async function tryingOfficer(folder: string): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, 'officer-password')
  await writeFile(file, randomBytes(12).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch(
    () => undefined,
  )
  return { officer: await hashPassword((await readFile(file, 'utf8')).trim()) }
}
