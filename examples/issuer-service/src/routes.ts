import { toBase64url } from '@asoba/core'
import type { NationTypes } from '@asoba/credentials'
import { asset, formOf, json, seeOther, type Text } from 'example-kit/page'
import type { Route } from 'example-kit/router'
import type { ServiceParts } from 'example-kit/service'
import { didDocument, didWebOf, type ServiceKeys } from 'example-kit/service-keys'
import type { TagStore } from 'example-kit/stores/tags'
import { style } from 'example-kit/style'
import {
  type Application,
  faultsOf,
  issuedTypes,
  openApplication,
  readApplication,
  sealApplication,
} from './application.ts'
import type { Consent } from './consent.ts'
import { type Issuing, issuerPath, type Subject } from './issuing.ts'
import { offerLifetime, offerOf } from './offering.ts'
import type { Officers } from './officers.ts'
import {
  appliedPage,
  applyPage,
  deskPage,
  homePage,
  loginPage,
  offerPage,
  overPage,
  reviewPage,
} from './pages.ts'
import type { Settings } from './settings.ts'
import { tagOf } from './tag.ts'
import type { Tickets } from './tickets.ts'

const texts = {
  unreadable: {
    be: 'Гэта не наша заява, або яна скончылася.',
    en: 'This is not an application of ours, or it has expired.',
  },
  unchecked: {
    be: 'Спачатку праверце дакумент і чалавека.',
    en: 'Check document and person first.',
  },
  unknown: {
    be: 'Па гэтым нумары нічога не выдавалі.',
    en: 'Nothing was issued under this number.',
  },
  revoked: { be: 'Адклікана копій: ', en: 'Copies revoked: ' },
} satisfies Record<string, Text>

/** What people see, what wallets ask for, and what everybody may read. */
export function routesOf(options: {
  readonly parts: ServiceParts
  readonly settings: Settings
  readonly issuing: Issuing
  readonly officers: Officers
  readonly keys: ServiceKeys
  readonly nation: NationTypes
  readonly tags: TagStore
  readonly tagKey: Uint8Array
  readonly didLog: () => Promise<string>
  readonly tickets: Tickets
  readonly consent: Consent
}): readonly Route[] {
  const { parts, settings, issuing, officers, keys, nation, tags, tagKey, tickets } = options
  const { origin, seal } = parts
  const open = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' }

  /** A page behind the login; forms come from our own pages alone. */
  const behindLogin =
    (handle: (request: Request, form: URLSearchParams) => Promise<Response>) =>
    async (request: Request): Promise<Response> => {
      if ((await officers.of(request)) === undefined) return seeOther('/officer')
      const form = await formOf(request, origin)
      return form === undefined ? seeOther('/officer') : handle(request, form)
    }
  const tagFor = ({ type, personalNumber }: Application): Uint8Array =>
    tagOf(tagKey, type, personalNumber)

  const wallets = ['/oid4vci', '/oid4vci/*'].map((path) => ({ method: '*', path }))
  const documents = ['openid-credential-issuer', 'oauth-authorization-server'].flatMap((name) =>
    ['', issuerPath].map((end) => ({ method: '*', path: `/.well-known/${name}${end}` })),
  )

  return [
    { method: 'GET', path: '/', handle: (request) => homePage(request) },
    { method: 'GET', path: '/apply', handle: (request) => applyPage(request) },
    {
      method: 'POST',
      path: '/apply',
      handle: async (request) => {
        const form = await formOf(request, origin)
        if (form === undefined) return seeOther('/apply')
        const { application, missing } = readApplication(form)
        const wrong =
          missing.length > 0
            ? missing
            : faultsOf(application, nation).map(({ path = '' }) => fieldOf(path))
        if (wrong.length > 0) return applyPage(request, { filled: application, wrong })
        return appliedPage(request, await sealApplication(seal, application))
      },
    },
    {
      method: 'GET',
      path: '/officer',
      handle: async (request) =>
        (await officers.of(request)) === undefined ? loginPage(request, false) : deskPage(request),
    },
    {
      method: 'POST',
      path: '/officer/login',
      handle: async (request) => {
        const form = await formOf(request, origin)
        const name = form?.get('name') ?? ''
        if (!(await officers.login(name, form?.get('password') ?? '')))
          return loginPage(request, true)
        return seeOther('/officer', [await officers.open(name)])
      },
    },
    {
      method: 'POST',
      path: '/officer/logout',
      handle: () => seeOther('/officer', [officers.close]),
    },
    {
      method: 'POST',
      path: '/officer/application',
      handle: behindLogin(async (request, form) => {
        const application = await openApplication(seal, form.get('application') ?? '')
        if (application === undefined)
          return deskPage(request, { notice: texts.unreadable, status: 422 })
        const known = (await tags.read(tagFor(application))) !== undefined
        // Sealed anew: what goes on to be approved is what was read now.
        const sealed = await sealApplication(seal, application)
        return reviewPage(request, { application, sealed, known })
      }),
    },
    {
      method: 'POST',
      path: '/officer/approve',
      handle: behindLogin(async (request, form) => {
        const application = await openApplication(seal, form.get('application') ?? '')
        if (application === undefined)
          return deskPage(request, { notice: texts.unreadable, status: 422 })
        if (form.get('document') !== 'yes' || form.get('person') !== 'yes') {
          return deskPage(request, { notice: texts.unchecked, status: 422 })
        }
        const tag = tagFor(application)
        const { generation } = await issuing.supersede(tag)
        const subject: Subject = {
          // The number has done its work: it goes no further than this.
          application: { ...application, personalNumber: '' },
          tag: toBase64url(tag),
          generation,
        }
        const server = await issuing.server()
        const { link, digits } = await offerOf(subject, { server, tickets, settings })
        parts.telemetry.count('offers.made', { type: application.type })
        return offerPage(request, { link, txCode: digits, minutes: offerLifetime / 60 })
      }),
    },
    {
      method: 'POST',
      path: '/officer/revoke',
      handle: behindLogin(async (request, form) => {
        const type = issuedTypes.find((each) => each === form.get('type')) ?? 'citizenship'
        const number = (form.get('personalNumber') ?? '').toUpperCase().replace(/\s/g, '')
        const tag = tagOf(tagKey, type, number)
        // A number that nobody was approved under must leave no trace either.
        if ((await tags.read(tag)) === undefined) {
          return deskPage(request, { notice: texts.unknown, status: 422 })
        }
        const { revoked } = await issuing.supersede(tag)
        parts.telemetry.count('credentials.revoked', { type })
        const { be, en } = texts.revoked
        return deskPage(request, { notice: { be: be + revoked, en: en + revoked }, good: true })
      }),
    },
    {
      method: 'GET',
      path: `${issuerPath}/authorize`,
      handle: async (request) => {
        const response = await (await issuing.server()).handle(request)
        // A person looks at it: who loads the page again after the end is told so in words.
        return response.status === 400 ? overPage(request) : response
      },
    },
    ...[...wallets, ...documents].map((each) => ({
      ...each,
      handle: async (request: Request) => (await issuing.server()).handle(request),
    })),
    {
      method: 'GET',
      path: '/status/:number',
      handle: async (_request, { params }) => {
        const { number = '' } = params
        const list = /^[1-9]\d{0,5}$/.test(number)
          ? await issuing.statusList(Number(number))
          : undefined
        return list === undefined
          ? new Response(null, { status: 404 })
          : new Response(list.body as BodyInit, { headers: list.headers })
      },
    },
    {
      method: 'GET',
      path: '/.well-known/did.json',
      handle: async () => json(didDocument(didWebOf(origin), await keys.all()), 200, open),
    },
    didLogRoute(options.didLog),
    ...options.consent.routes,
    // The types of the nation, should it be at home here.
    ...Object.values(nation).map(({ vct, metadata }) => ({
      method: 'GET',
      path: new URL(vct).pathname,
      handle: () =>
        new Response(metadata as BodyInit, {
          headers: { ...open, 'content-type': 'application/json' },
        }),
    })),
    {
      method: 'GET',
      path: '/assets/style.css',
      handle: () => asset(style, 'text/css; charset=utf-8'),
    },
  ]
}

function didLogRoute(log: () => Promise<string>): Route {
  return {
    method: 'GET',
    path: '/.well-known/did.jsonl',
    handle: async () =>
      new Response(await log(), {
        headers: {
          'content-type': 'text/jsonl',
          'access-control-allow-origin': '*',
          'cache-control': 'public, max-age=60',
        },
      }),
  }
}

/** The field of the form that a claim came from. */
function fieldOf(path: string): string {
  const fields: readonly (readonly [RegExp, string])[] = [
    [/^\/given_name#be/, 'givenNameBe'],
    [/^\/family_name#be/, 'familyNameBe'],
    [/^\/given_name/, 'givenName'],
    [/^\/family_name/, 'familyName'],
    [/^\/occupation\/title/, 'occupationTitle'],
    [/^\/occupation/, 'occupation'],
  ]
  return fields.find(([pattern]) => pattern.test(path))?.[1] ?? 'birthdate'
}
