import { hashPassword } from '../src/officers.ts'

/** Somebody who comes to the registry. */
export interface Person {
  readonly type?: 'citizenship' | 'profession'
  readonly givenName: string
  readonly familyName: string
  readonly birthdate?: string
  readonly personalNumber: string
}

/** Nobody there is, and who may not be found in any log or database. */
export const planted: Person = {
  givenName: 'Plantedgiven',
  familyName: 'Plantedfamily',
  personalNumber: 'PLANTEDNUMBER0',
}

/** An officer at a desk, without a browser. */
export interface Desk {
  /** The application as the applicant carries it. */
  apply(person: Person): Promise<string>
  /** Opens an application; the page that the officer then sees. */
  review(sealed: string): Promise<string>
  /** Approves what was reviewed: what the person's wallet scans, and what is said aloud. */
  approve(person: Person): Promise<{ readonly link: string; readonly txCode?: string }>
  revoke(person: Person): Promise<string>
  post(path: string, form: Readonly<Record<string, string>>): Promise<Response>
}

/** The setting `OFFICERS` of the tests. */
export async function officers(): Promise<string> {
  return JSON.stringify({ alena: await hashPassword('password') })
}

/** Logs in. */
export async function openDesk(origin: string): Promise<Desk> {
  let cookie = ''
  const post: Desk['post'] = (path, form) =>
    fetch(origin + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'accept-language': 'en' },
      body: new URLSearchParams(form),
    })
  const text = async (path: string, form: Readonly<Record<string, string>>): Promise<string> =>
    (await post(path, form)).text()
  const login = await post('/officer/login', { name: 'alena', password: 'password' })
  if (login.status !== 303) throw new Error(`the officer is not let in: ${login.status}`)
  cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''

  const apply: Desk['apply'] = async ({ type = 'citizenship', birthdate, ...rest }) => {
    const page = await text('/apply', {
      type,
      birthdate: birthdate ?? '1991-03-25',
      ...(type === 'profession' && {
        occupation: '2211',
        occupationTitle: 'General practitioner',
      }),
      ...rest,
    })
    return between(page, '<code id="application">', '</code>')
  }
  return {
    post,
    apply,
    review: (sealed) => text('/officer/application', { application: sealed }),
    approve: async (person) => {
      const page = await text('/officer/application', { application: await apply(person) })
      const application = between(page, 'name="application" value="', '"')
      const form = { application, document: 'yes', person: 'yes' }
      const offer = await text('/officer/approve', form)
      const link = between(offer, '<code id="link">', '</code>').replaceAll('&amp;', '&')
      const txCode = /id="transaction-code">(\d+)</.exec(offer)?.[1]
      return { link, ...(txCode !== undefined && { txCode }) }
    },
    revoke: ({ type = 'citizenship', personalNumber }) =>
      text('/officer/revoke', { type, personalNumber }),
  }
}

function between(page: string, start: string, end: string): string {
  const from = page.indexOf(start)
  if (from < 0) throw new Error(`the page is another: ${/<h1>(.*)<\/h1>/.exec(page)?.[1]}`)
  return page.slice(from + start.length, page.indexOf(end, from + start.length))
}
