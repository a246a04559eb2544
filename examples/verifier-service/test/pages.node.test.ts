import { mkdir } from 'node:fs/promises'
import sparticuz from '@sparticuz/chromium'
import { type Replica, startReplica } from 'example-kit/processes-for-tests'
import jsqr from 'jsqr'
import { type Browser, chromium, type Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planted, type Registry, startRegistry } from './registry.ts'
import { answerLink, testWallet } from './wallet.ts'

let browser: Browser
let registry: Registry
let service: Replica
const folder = process.env['ASOBA_SCREENSHOTS']

beforeAll(async () => {
  registry = await startRegistry()
  const trusted = JSON.stringify({ citizenship: [registry.did], profession: [registry.did] })
  const variables = { DATA_FOLDER: 'memory', TRUSTED_ISSUERS: trusted }
  ;[service, browser] = await Promise.all([
    startReplica(new URL('../main.ts', import.meta.url), variables),
    chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? (await sparticuz.executablePath()),
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    }),
  ])
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await registry?.close()
}, 60_000)

async function open(
  options: { readonly phone?: boolean; readonly locale?: string } = {},
): Promise<Page> {
  const { phone = false, locale = 'be' } = options
  const page = await browser.newPage({
    viewport: phone ? { width: 360, height: 740 } : { width: 900, height: 900 },
    locale,
  })
  page.setDefaultTimeout(60_000)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(`http://127.0.0.1:${service.port}/`)
  return page
}
const faults: string[] = []

async function photograph(page: Page, name: string): Promise<void> {
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

/** Reads the code as a camera would: from the picture. */
async function scan(page: Page): Promise<string> {
  const { data, width, height } = PNG.sync.read(await page.locator('svg.qr').screenshot())
  const found = jsqr.default(new Uint8ClampedArray(data), width, height)
  if (found === null) throw new Error('there is no code in the picture')
  return found.data
}

/** Nothing sticks out to the side, whatever the width. */
async function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
}

test('cross device: the page shows a code, a wallet scans it, the page shows the result', async () => {
  const wallet = testWallet()
  await registry.give(wallet, 'citizenship', 1)
  const page = await open()
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
  const page = await open({ phone: true, locale: 'en' })
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

test('pages have one heading, names for all controls, and run without a fault', async () => {
  const page = await open({ locale: 'en' })
  for (const path of ['/', '/trust']) {
    await page.goto(`http://127.0.0.1:${service.port}${path}`)
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.locator('main').count()).toBe(1)
    for (const control of await page
      .locator('input:visible, textarea:visible, button:visible')
      .all()) {
      const named = await control.evaluate(
        (each) =>
          ((each as HTMLInputElement).labels?.length ?? 0) > 0 || each.textContent?.trim() !== '',
      )
      expect(named).toBe(true)
    }
  }
  await page.getByRole('link', { name: 'Беларуская' }).click()
  expect(await page.locator('h1').textContent()).toBe('Каму мы давяраем')
  expect(faults).toEqual([])
  await page.close()
}, 120_000)
