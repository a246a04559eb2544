import {
  fits,
  isAccessible,
  photograph,
  scan,
  startBrowser,
  type TestBrowser,
} from 'example-kit/browser-for-tests'
import { type Replica, startReplica } from 'example-kit/processes-for-tests'
import { didWebOf } from 'example-kit/service-keys'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { officers, openDesk, planted } from './desk.ts'
import { holderOf } from './holder.ts'

let browser: TestBrowser
let registry: Replica
let clinic: Replica
let origins: { readonly registry: string; readonly clinic: string }

beforeAll(async () => {
  ;[registry, browser] = await Promise.all([
    startReplica(new URL('../main.ts', import.meta.url), {
      DATA_FOLDER: 'memory',
      OFFICERS: await officers(),
      BATCH_SIZE: '4',
    }),
    startBrowser(),
  ])
  const origin = `http://127.0.0.1:${registry.port}`
  const did = didWebOf(origin)
  clinic = await startReplica(new URL('../../verifier-service/main.ts', import.meta.url), {
    DATA_FOLDER: 'memory',
    TRUSTED_ISSUERS: JSON.stringify({ citizenship: [did], profession: [did] }),
  })
  origins = { registry: origin, clinic: `http://127.0.0.1:${clinic.port}` }
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await Promise.all([registry?.stop(), clinic?.stop()])
}, 60_000)

const words = {
  be: {
    apply: 'Падаць заяву',
    givenName: 'Імя лацінкай',
    familyName: 'Прозвішча лацінкай',
    birthdate: 'Дата нараджэння',
    number: 'Асабісты нумар з дакумента',
    seal: 'Запячатаць заяву',
    login: 'Імя ўваходу',
    password: 'Пароль',
    enter: 'Увайсці',
    sealed: 'Запячатаная заява',
    open: 'Адкрыць заяву',
    document: 'Дакумент сапраўдны, і звесткі супадаюць',
    person: 'Чалавек перада мной — той самы',
    approve: 'Ухваліць',
    profession: 'Пасведчанне прафесіі',
  },
  en: {
    apply: 'Apply',
    givenName: 'Given name in Latin letters',
    familyName: 'Family name in Latin letters',
    birthdate: 'Date of birth',
    number: 'Personal number of the document',
    seal: 'Seal the application',
    login: 'Login name',
    password: 'Password',
    enter: 'Log in',
    sealed: 'Sealed application',
    open: 'Open the application',
    document: 'The document is genuine and agrees with this',
    person: 'The person before me is the one',
    approve: 'Approve',
    profession: 'Profession credential',
  },
} as const

interface Visit {
  readonly language: 'be' | 'en'
  readonly phone: boolean
  readonly profession: boolean
}

/** A page as it should be, and a picture of it. */
async function good(page: Page, name: string, { language, phone }: Visit): Promise<void> {
  expect(await isAccessible(page)).toBe(true)
  expect(await fits(page)).toBe(true)
  expect(await page.locator('html').getAttribute('lang')).toBe(language)
  await photograph(page, `issuer-${name}-${phone ? 'phone-' : ''}${language}`)
}

/** Applicant and officer, each in a browser of their own: what the wallet scans and types. */
async function toTheRegistry(visit: Visit): Promise<{ link: string; txCode: string }> {
  const { language, phone, profession } = visit
  const say = words[language]
  const options = { phone, locale: language }
  const applicant = await browser.open(origins.registry, options)
  await good(applicant, 'home', visit)
  await applicant.getByRole('link', { name: say.apply, exact: true }).click()
  if (profession) await applicant.getByLabel(say.profession).check()
  await applicant.getByLabel(say.givenName).fill('Alesia')
  await applicant.getByLabel(say.familyName).fill('Example')
  await applicant.getByLabel(say.birthdate).fill('1991-03-25')
  await applicant.getByLabel(say.number).fill(profession ? 'A2' : 'A1')
  if (profession) {
    await applicant.locator('#occupation').fill('2211')
    await applicant.locator('#occupationTitle').fill('General practitioner')
  }
  await good(applicant, 'apply', visit)
  await applicant.getByRole('button', { name: say.seal }).click()
  await applicant.locator('svg.qr').waitFor()
  await good(applicant, 'applied', visit)
  // The officer's reader takes the code from the applicant's screen.
  const application = await scan(applicant)

  const officer = await browser.open(`${origins.registry}/officer`, options)
  await good(officer, 'login', visit)
  await officer.getByLabel(say.login).fill('alena')
  await officer.getByLabel(say.password).fill('password')
  // Enter is enough.
  await officer.keyboard.press('Enter')
  await officer.getByLabel(say.sealed).fill(application)
  await good(officer, 'desk', visit)
  await officer.getByRole('button', { name: say.open }).click()
  await officer.getByLabel(say.document).check()
  await officer.getByLabel(say.person).check()
  await good(officer, 'review', visit)
  await officer.getByRole('button', { name: say.approve }).click()
  await officer.locator('svg.qr').waitFor()
  await good(officer, 'offer', visit)
  const link = await scan(officer)
  const txCode = (await officer.locator('#transaction-code').textContent()) ?? ''
  await Promise.all([applicant.close(), officer.close()])
  return { link, txCode }
}

test('across devices, in Belarusian: application, approval, wallet, partner’s code, consent, result', async () => {
  const { link, txCode } = await toTheRegistry({ language: 'be', phone: false, profession: false })
  const holder = holderOf()
  expect(await holder.take(link, txCode)).toBe(4)

  const partner = await browser.open(origins.clinic)
  await partner.getByRole('radio', { name: 'Ці ёсць 18 гадоў?' }).check()
  await partner.getByRole('button', { name: 'Спытаць', exact: true }).click()
  await partner.locator('svg.qr').waitFor()
  const { clientId, told, kept } = await holder.consent(await scan(partner))
  expect(clientId).toBe(`decentralized_identifier:${didWebOf(origins.clinic)}`)
  expect(told).toEqual(['age_equal_or_over.18'])
  expect(kept).toContain('birthdate')
  expect(kept).toContain('family_name')
  await partner.locator('#outcome').waitFor()
  expect(await partner.locator('#outcome').getAttribute('data-verified')).toBe('yes')
  expect(await partner.locator('li.failed').count()).toBe(0)
  const seen = await partner.content()
  for (const hidden of ['Alesia', 'Example', '1991', 'A1']) expect(seen).not.toContain(`>${hidden}`)
  // The copy is spent; the next presentation has another.
  expect((await holder.wallet.list())[0]?.copiesLeft).toBe(3)
  await partner.close()
}, 180_000)

test('on one phone, in English: the partner’s page opens the wallet, which brings the browser back', async () => {
  const { link, txCode } = await toTheRegistry({ language: 'en', phone: true, profession: true })
  const holder = holderOf()
  await holder.take(link, txCode)

  const partner = await browser.open(origins.clinic, { phone: true, locale: 'en' })
  await partner.getByRole('radio', { name: 'Is this a doctor entitled to practise?' }).check()
  await partner.getByRole('radio', { name: 'On this device' }).check()
  await partner.getByRole('button', { name: 'Ask', exact: true }).click()
  const wallet = partner.getByRole('link', { name: 'Open the wallet' })
  const { told, redirectTo = '' } = await holder.consent((await wallet.getAttribute('href')) ?? '')
  expect(told).toEqual(['entitled_to_practise', 'occupation.isco_08'])
  await partner.goto(redirectTo)
  expect(await partner.locator('#outcome').getAttribute('data-verified')).toBe('yes')
  expect(await partner.content()).not.toContain('Alesia')
  await partner.close()
}, 180_000)

test('where offers lead to a login, the page asks for the officer’s digits and sends the wallet on', async () => {
  const lobby = await startReplica(new URL('../main.ts', import.meta.url), {
    DATA_FOLDER: 'memory',
    OFFICERS: await officers(),
    BATCH_SIZE: '2',
    GRANT: 'authorization_code',
  })
  try {
    const desk = await openDesk(`http://127.0.0.1:${lobby.port}`)
    const { link, txCode: digits = '' } = await desk.approve(planted)
    const redirectUri = 'example.wallet:/back'
    const holder = holderOf({ issuance: { clientId: 'https://wallet.example', redirectUri } })
    const read = await holder.takes.readOffer(link)
    if (!read.verified) throw new Error(JSON.stringify(read.problems))
    const { url, session } = await holder.takes.authorize(read.offer)
    const page = await browser.open(url, { phone: true })
    await good(page, 'login-to-take', { language: 'be', phone: true, profession: false })
    const field = page.getByLabel('Шэсць лічбаў, якія сказаў службовец')
    await field.fill(digits === '000000' ? '000001' : '000000')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await field.fill(digits)
    // The app of the wallet, had this machine one.
    await page.keyboard.press('Enter')
    const back = page.getByRole('link', { name: 'Адкрыць кашалёк' })
    const to = (await back.getAttribute('href')) ?? ''
    expect(to.startsWith(redirectUri)).toBe(true)
    const { credentials, renewal = '' } = await holder.takes.complete(session, to)
    expect(credentials.map(({ copiesLeft }) => copiesLeft)).toEqual([2])
    // When the copies are used up the wallet gets more, and nobody has to go anywhere.
    const renewed = await holder.takes.renew(renewal)
    expect(renewed.credentials.map(({ copiesLeft }) => copiesLeft)).toEqual([4])
    await page.close()
  } finally {
    await lobby.stop()
  }
}, 120_000)

test('a form that is filled in wrongly says where, and keeps what was right', async () => {
  const page = await browser.open(`${origins.registry}/apply`, { locale: 'en' })
  const say = words.en
  await page.getByLabel(say.givenName).fill('Alesia')
  await page.getByLabel(say.familyName).fill('Example')
  await page.getByLabel('Given name in Belarusian').fill('Latin')
  await page.getByLabel(say.birthdate).fill('1991-03-25')
  await page.getByLabel(say.number).fill('A1')
  await page.getByRole('button', { name: say.seal }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.locator('[aria-invalid=true]').getAttribute('id')).toBe('givenNameBe')
  expect(await page.getByLabel(say.familyName).inputValue()).toBe('Example')
  await photograph(page, 'issuer-apply-wrong-en')
  await page.goto(`${origins.registry}/officer`)
  await page.getByLabel(say.login).fill('alena')
  await page.getByLabel(say.password).fill('wrong')
  await page.getByRole('button', { name: say.enter }).click()
  expect(await page.getByRole('alert').textContent()).toContain('Name or password is wrong')
  await page.close()
}, 120_000)

test('no page had a fault in a script, nor broke its content security policy', () => {
  // A refused form is a line in the console of Chromium, too.
  expect(
    browser.faults.filter((fault) => !/status of (403|422)|example\.wallet/.test(fault)),
  ).toEqual([])
})
