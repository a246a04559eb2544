import { createKey, didResolver, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createPresentationClient, type DcApiRequestData } from '@asoba/openid4vc/wallet'
import type { Wallet } from '@asoba/wallet'
import {
  fits,
  isAccessible,
  photograph,
  scan,
  startBrowser,
  type TestBrowser,
} from 'example-kit/browser-for-tests'
import { type Replica, startReplica } from 'example-kit/processes-for-tests'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planted, type Registry, startRegistry } from './registry.ts'
import { answerLink, testWallet } from './wallet.ts'

let browser: TestBrowser
let registry: Registry
let service: Replica
let origin: string

beforeAll(async () => {
  registry = await startRegistry()
  const trusted = JSON.stringify({ citizenship: [registry.did], profession: [registry.did] })
  const { publicJwk } = await createKey('ES256')
  const variables = {
    DATA_FOLDER: 'memory',
    TRUSTED_ISSUERS: trusted,
    TRUST_PUBLISHER: JSON.stringify({ id: 'https://nation.example', keys: [publicJwk] }),
    ADMIN_TOKEN: 'token',
  }
  ;[service, browser] = await Promise.all([
    startReplica(new URL('../main.ts', import.meta.url), variables),
    startBrowser(),
  ])
  origin = `http://127.0.0.1:${service.port}`
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await registry?.close()
}, 60_000)

/** A browser whose platform has a wallet. */
function platform(wallet: Wallet): (page: Page) => Promise<void> {
  const reach = { fetch: globalThis.fetch, [allowInsecureLoopback]: true as const }
  const client = createPresentationClient({
    wallet,
    verifiers: { did: didResolver({ methods: [webMethod(reach)] }), unsigned: 'refused' },
    ...reach,
  })
  return async (page) => {
    await page.exposeFunction('askWallet', async (requests: readonly DcApiRequestData[]) => {
      const read = await client.readRequest({ origin, requests })
      if (!read.verified) throw new Error(JSON.stringify(read.problems))
      const [match] = await client.match(read.incoming)
      if (match === undefined) throw new Error('the wallet cannot answer')
      return client.respond(read.incoming, match)
    })
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'DigitalCredential', { value: class {} })
      navigator.credentials.get = async (options) => {
        const { requests } = (options as never as { digital: { requests: unknown } }).digital
        return (globalThis as never as { askWallet(asked: unknown): Promise<never> }).askWallet(
          requests,
        )
      }
    })
  }
}

// First, for a verifier keeps a status list as long as its issuer says.
test('what was revoked is shown as such, on a phone', async () => {
  const wallet = testWallet()
  await registry.revoke(await registry.give(wallet, 'citizenship', 1))
  const page = await browser.open(origin, { phone: true, locale: 'en' })
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  expect(await fits(page)).toBe(true)
  await photograph(page, 'verifier-code-phone-en')
  await answerLink(wallet, await scan(page))
  await page.locator('#outcome').waitFor()
  expect(await page.locator('#outcome').getAttribute('data-verified')).toBe('no')
  expect(await page.locator('li.failed').count()).toBe(1)
  expect(await page.locator('li.failed').textContent()).toContain('Not revoked')
  expect(await fits(page)).toBe(true)
  await photograph(page, 'verifier-refused-phone-en')
  await page.close()
}, 120_000)

test('cross device: the page shows a code, a wallet scans it, the page shows the result', async () => {
  const wallet = testWallet()
  await registry.give(wallet, 'citizenship', 1)
  const page = await browser.open(origin)
  expect(await page.locator('html').getAttribute('lang')).toBe('be')
  await photograph(page, 'verifier-choose-be')
  // By keyboard alone.
  await page.getByRole('radio', { name: 'Ці ёсць 18 гадоў?' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.locator('svg.qr').waitFor()
  await photograph(page, 'verifier-code-be')
  expect(await answerLink(wallet, await scan(page))).toEqual({ status: 200 })
  // Its own script looks for the answer.
  await page.locator('#outcome').waitFor()
  expect(await page.locator('#outcome').getAttribute('data-verified')).toBe('yes')
  expect(await page.locator('li.failed').count()).toBe(0)
  expect(await page.locator('li.passed').count()).toBeGreaterThan(8)
  // Every check is explained.
  const checks = await page.locator('ul.checks li').count()
  expect(await page.locator('ul.checks li .hint').count()).toBe(checks)
  expect(await page.content()).not.toContain(planted.givenName)
  await photograph(page, 'verifier-result-be')
  await page.close()
}, 180_000)

test('same device, on a phone, in English: the wallet brings the browser back to the result', async () => {
  const wallet = testWallet()
  await registry.give(wallet, 'profession', 1)
  const page = await browser.open(origin, { phone: true, locale: 'en' })
  expect(await fits(page)).toBe(true)
  await photograph(page, 'verifier-choose-phone-en')
  await page.getByRole('radio', { name: 'Is this a doctor entitled to practise?' }).check()
  await page.getByRole('radio', { name: 'On this device' }).check()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  const link =
    (await page.getByRole('link', { name: 'Open the wallet' }).getAttribute('href')) ?? ''
  expect(await fits(page)).toBe(true)
  const { redirectUri = '' } = await answerLink(wallet, link)
  await page.goto(redirectUri)
  expect(await page.locator('#outcome').textContent()).toContain('doctor entitled to practise')
  expect(await fits(page)).toBe(true)
  await photograph(page, 'verifier-result-phone-en')
  await page.close()
}, 180_000)

test('the browser’s own API: the page asks the platform, and shows the result in its place', async () => {
  const wallet = testWallet()
  await registry.give(wallet, 'citizenship', 1)
  const page = await browser.open(origin, { locale: 'en', prepare: platform(wallet) })
  await page.getByRole('button', { name: 'Ask through the browser' }).click()
  await page.locator('#outcome').waitFor()
  expect(await page.locator('#outcome').getAttribute('data-verified')).toBe('yes')
  expect(await page.title()).toContain('Accepted')
  // The one who has it again in another window has nothing.
  await page.goto(`${origin}/result`)
  expect(await page.locator('#outcome').count()).toBe(0)
  await page.close()
}, 120_000)

test('pages name all their controls, in both languages, and run without a fault', async () => {
  const page = await browser.open(origin, { locale: 'en' })
  for (const path of ['/', '/trust', '/result']) {
    await page.goto(origin + path)
    expect(await isAccessible(page)).toBe(true)
  }
  await page.goto(`${origin}/trust`)
  await photograph(page, 'verifier-trust-en')
  await page.getByRole('link', { name: 'Беларуская' }).click()
  expect(await page.locator('h1').textContent()).toBe('Каму мы давяраем')
  await page.getByRole('link', { name: 'Да пытанняў' }).click()
  expect(await page.locator('html').getAttribute('lang')).toBe('be')
  await page.close()
}, 120_000)

test('no page had a fault in a script, nor broke its content security policy', () => {
  // A status of 4xx is a line in the console of Chromium, too: /result where nothing was asked.
  expect(browser.faults.filter((fault) => !fault.includes('status of 410'))).toEqual([])
})
