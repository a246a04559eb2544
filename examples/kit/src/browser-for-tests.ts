import { mkdir } from 'node:fs/promises'
import sparticuz from '@sparticuz/chromium'
import jsqr from 'jsqr'
import { chromium, type Page } from 'playwright-core'
import { PNG } from 'pngjs'

/** Chromium from npm, and what went wrong in its pages. */
export interface TestBrowser {
  /** A page with cookies of its own. */
  open(
    url: string,
    options?: {
      readonly phone?: boolean
      readonly locale?: string
      readonly prepare?: (page: Page) => Promise<void>
    },
  ): Promise<Page>
  /** Errors of scripts and of the console; the content security policy is heard here too. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

/** Starts Chromium. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? (await sparticuz.executablePath()),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  const faults: string[] = []
  return {
    faults,
    open: async (url, { phone = false, locale = 'be', prepare } = {}) => {
      const page = await browser.newPage({
        viewport: phone ? { width: 360, height: 740 } : { width: 900, height: 900 },
        locale,
      })
      page.setDefaultTimeout(60_000)
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text())
      })
      await prepare?.(page)
      await page.goto(url)
      return page
    },
    close: () => browser.close(),
  }
}

/** Reads the code of a page as a camera would: from the picture. */
export async function scan(page: Page): Promise<string> {
  const { data, width, height } = PNG.sync.read(await page.locator('svg.qr').screenshot())
  const found = jsqr.default(new Uint8ClampedArray(data), width, height)
  if (found === null) throw new Error('there is no code in the picture')
  return found.data
}

/** Whether nothing sticks out to the side, whatever the width. */
export async function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
}

/** Whether a page has one heading, one main part, and a name for every control. */
export async function isAccessible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('input, textarea, select, button')]
    const named = controls
      .filter((each) => each.getAttribute('type') !== 'hidden')
      .every(
        (each) =>
          ((each as HTMLInputElement).labels?.length ?? 0) > 0 || each.textContent?.trim() !== '',
      )
    const one = (name: string): boolean => document.querySelectorAll(name).length === 1
    const images = [...document.querySelectorAll('svg, img')]
    const described = images.every((each) => (each.getAttribute('aria-label') ?? '') !== '')
    return named && described && one('h1') && one('main') && document.documentElement.lang !== ''
  })
}

/** Keeps a picture of the whole page where `ASOBA_SCREENSHOTS` says. */
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env['ASOBA_SCREENSHOTS']
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
