import type { Check, Problem } from '@asoba/core'
import type { TrustedIssuerName, VerificationResult } from '@asoba/verifier'
import type { LoadedTrustList } from '@asoba/verifier/trust-list'
import { type Html, html } from 'example-kit/html'
import { type PageOptions, page, type Text } from 'example-kit/page'
import { qrCode } from 'example-kit/qr'
import { checks, claimNames, problems } from './explain.ts'
import type { Question } from './questions.ts'

const service: Text = { be: 'Праверка пасведчанняў', en: 'Credential check' }
type Say = (text: Text) => string

function shown(request: Request, options: Omit<PageOptions, 'service'>): Response {
  return page(request, { service, ...options })
}

/** What to ask, and how. */
export function choosePage(
  request: Request,
  options: { readonly questions: readonly Question[]; readonly crossDevice: boolean },
): Response {
  const { questions, crossDevice } = options
  return shown(request, {
    title: { be: 'Пра што спытаць?', en: 'What do you want to know?' },
    scripts: ['/assets/dc-api.js'],
    main: (say) => html`
<form method="post" action="/ask">
<fieldset>
<legend>${say({ be: 'Пытанне', en: 'Question' })}</legend>
${questions.map(
  (
    { id, label, hint },
    index,
  ) => html`<label><input type="radio" name="question" value="${id}" required ${index === 0 && html`checked`} aria-describedby="hint-${id}">${say(label)}</label>
<p class="hint" id="hint-${id}">${say(hint)}</p>`,
)}
</fieldset>
<fieldset>
<legend>${say({ be: 'Дзе кашалёк?', en: 'Where is the wallet?' })}</legend>
${crossDevice && html`<label><input type="radio" name="flow" value="cross-device" required checked>${say({ be: 'На іншай прыладзе: пакажу QR-код', en: 'On another device: I show a QR code' })}</label>`}
<label><input type="radio" name="flow" value="same-device" required ${!crossDevice && html`checked`}>${say({ be: 'На гэтай прыладзе', en: 'On this device' })}</label>
</fieldset>
<p><button type="submit">${say({ be: 'Спытаць', en: 'Ask' })}</button>
<button type="button" class="plain" id="dc-api" hidden>${say({ be: 'Спытаць праз браўзер', en: 'Ask through the browser' })}</button></p>
<p id="dc-api-failed" class="notice" role="alert" hidden>${say({ be: 'Браўзер не атрымаў адказу.', en: 'The browser got no answer.' })}</p>
</form>
<p><a href="/trust">${say({ be: 'Каму мы давяраем', en: 'Whom we trust' })}</a></p>`,
  })
}

/** The code for the other device, or the link on this one. */
export function askPage(
  request: Request,
  options: {
    readonly question: Question
    readonly flow: 'same-device' | 'cross-device'
    readonly link: string
    readonly cookies: readonly string[]
  },
): Response {
  const { question, flow, link, cookies } = options
  return shown(request, {
    title: question.label,
    languages: false,
    cookies,
    scripts: flow === 'cross-device' ? ['/assets/wait.js'] : [],
    main: (say) =>
      flow === 'same-device'
        ? html`<p>${say(question.hint)}</p>
<p><a class="button" id="wallet" href="${link}">${say({ be: 'Адкрыць кашалёк', en: 'Open the wallet' })}</a></p>
<p class="hint">${say({ be: 'Пасля адказу кашалёк верне вас сюды.', en: 'The wallet brings you back here after the answer.' })}</p>`
        : html`<p>${say({ be: 'Адсканіруйце код кашальком:', en: 'Scan the code with the wallet:' })}</p>
${qrCode(link, say({ be: 'QR-код запыту для кашалька', en: 'QR code of the request for the wallet' }))}
<p class="notice">${say({
            be: 'Паказвайце код толькі чалавеку, якога бачыце. Хто перашле код іншаму, выдасць чужы адказ за свой.',
            en: 'Show the code only to a person whom you see. Who sends it on to somebody else passes their answer off as his own.',
          })}</p>
<p role="status" id="waiting">${say({ be: 'Чакаем адказу…', en: 'Waiting for the answer…' })}</p>
<p><a class="button" href="/result">${say({ be: 'Паглядзець адказ', en: 'Look for the answer' })}</a></p>
<details><summary>${say({ be: 'Запыт тэкстам', en: 'The request as text' })}</summary><p><code id="link">${link}</code></p></details>`,
  })
}

/** There is no answer yet. */
export function pendingPage(request: Request): Response {
  return shown(request, {
    status: 202,
    title: { be: 'Адказу яшчэ няма', en: 'No answer yet' },
    main: (say) =>
      html`<p role="status">${say({ be: 'Кашалёк яшчэ не адказаў.', en: 'The wallet has not answered yet.' })}</p>
<p><a class="button" href="/result">${say({ be: 'Паглядзець яшчэ раз', en: 'Look again' })}</a> <a href="/">${say({ be: 'Спачатку', en: 'Start again' })}</a></p>`,
  })
}

/** Why there is no result: one of a few plain reasons. */
export function noResultPage(
  request: Request,
  reason: 'gone' | 'other-session' | 'declined',
  cookies: readonly string[] = [],
): Response {
  const titles: Readonly<Record<typeof reason, Text>> = {
    gone: { be: 'Запыт скончыўся', en: 'The request is over' },
    'other-session': { be: 'Адказ для іншага акна', en: 'The answer belongs to another window' },
    declined: { be: 'Кашалёк адмовіў', en: 'The wallet declined' },
  }
  const texts: Readonly<Record<typeof reason, Text>> = {
    gone: {
      be: 'Ён скончыўся, або вынік ужо паказаны: мы паказваем яго адзін раз і не захоўваем.',
      en: 'It has expired, or the result was shown already: we show it once and do not keep it.',
    },
    'other-session': {
      be: 'Вынік атрымае толькі тое акно браўзера, дзе запыт пачаты.',
      en: 'Only the browser window that began gets the result.',
    },
    declined: {
      be: 'Чалавек не захацеў або не змог адказаць. Мы нічога пра яго не даведаліся.',
      en: 'The person would not or could not answer. We learnt nothing.',
    },
  }
  return shown(request, {
    status: reason === 'declined' ? 200 : 410,
    title: titles[reason],
    cookies,
    languages: false,
    main: (say) => html`<p class="notice">${say(texts[reason])}</p>
<p><a class="button" href="/">${say({ be: 'Спытаць зноў', en: 'Ask again' })}</a></p>`,
  })
}

/** The result, with every check explained. */
export function resultPage(
  request: Request,
  options: {
    readonly question: Question | undefined
    readonly result: VerificationResult
    readonly cookies: readonly string[]
  },
): Response {
  const { question, result, cookies } = options
  return shown(request, {
    title: result.verified
      ? { be: 'Прынята', en: 'Accepted' }
      : { be: 'Не прынята', en: 'Not accepted' },
    cookies,
    languages: false,
    main: (say) => html`
${
  result.verified
    ? html`<p class="notice good" role="status" id="outcome" data-verified="yes">${say(question?.conclusion ?? { be: 'Адказ правільны.', en: 'The answer is right.' })}</p>
<h2>${say({ be: 'Што мы даведаліся', en: 'What we learnt' })}</h2>
${learnt(say, result.claims)}`
    : html`<p class="notice" role="alert" id="outcome" data-verified="no">${say({ be: 'Не спадзявайцеся на гэты адказ.', en: 'Do not rely on this answer.' })}</p>
<ul>${result.problems.map((each) => html`<li>${said(say, each)} <code>${each.code}</code></li>`)}</ul>`
}
<h2>${say({ be: 'Што праверана', en: 'What was checked' })}</h2>
<ul class="checks">${result.checks.map((each) => checkLine(say, each))}</ul>
<p class="hint">${say({ be: 'Гэтая старонка нідзе не захоўваецца.', en: 'This page is kept nowhere.' })}</p>
<p><a class="button" href="/">${say({ be: 'Спытаць зноў', en: 'Ask again' })}</a></p>`,
  })
}

function said(say: Say, { code, detail }: Problem): string {
  const known = problems[code]
  return known === undefined ? detail : say(known)
}

function checkLine(say: Say, { check, outcome }: Check): Html {
  const known = checks[check]
  const outcomes: Readonly<Record<Check['outcome'], Text>> = {
    passed: { be: 'добра', en: 'passed' },
    failed: { be: 'не прайшло', en: 'failed' },
    'not-applicable': { be: 'не датычыць', en: 'does not apply' },
  }
  return html`<li class="${outcome}"><strong>${known ? say(known.name) : check}</strong>: ${say(outcomes[outcome])}.${known && html`<br><span class="hint">${outcome === 'failed' && say({ be: 'Мусіла быць так: ', en: 'What should be: ' })}${say(known.why)}</span>`}</li>`
}

function learnt(say: Say, claims: Readonly<Record<string, unknown>>): Html {
  const rows = Object.values(claims).flatMap((each) => leaves(each, []))
  const yesOrNo: Readonly<Record<string, Text>> = {
    true: { be: 'так', en: 'yes' },
    false: { be: 'не', en: 'no' },
  }
  const word = (text: Text | undefined, otherwise: string): string => (text ? say(text) : otherwise)
  return html`<dl>${rows.map(([path, value]) => html`<dt>${word(claimNames[path], path)}</dt><dd>${word(yesOrNo[value], value)}</dd>`)}</dl>`
}

function leaves(value: unknown, path: readonly string[]): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), String(value)]]
  return Object.entries(value).flatMap(([name, each]) => leaves(each, [...path, name]))
}

/** Whom we trust, and the form for a new list. */
export function trustPage(
  request: Request,
  options: {
    readonly trusted: Readonly<Record<string, readonly TrustedIssuerName[]>>
    readonly list: LoadedTrustList | undefined
    readonly canChange: boolean
    readonly offline: boolean
    readonly outcome?: readonly Problem[] | 'forbidden'
  },
): Response {
  const { trusted, list, canChange, offline, outcome } = options
  const status =
    outcome === undefined || (outcome !== 'forbidden' && outcome.length === 0)
      ? 200
      : outcome === 'forbidden'
        ? 403
        : 422
  return shown(request, {
    status,
    title: { be: 'Каму мы давяраем', en: 'Whom we trust' },
    main: (say) => html`
${offline && html`<p class="notice">${say({ be: 'Праца без сеткі: ключы і спісы адкліканых бяруцца са спіса даверу.', en: 'Working offline: keys and status lists come from the trust list.' })}</p>`}
${outcome !== undefined && outcomeOf(say, outcome)}
<table><caption>${say({ be: 'Хто што выдае', en: 'Who may issue what' })}</caption>
<thead><tr><th scope="col">${say({ be: 'Выдае', en: 'Issuer' })}</th><th scope="col">${say({ be: 'Што', en: 'What' })}</th><th scope="col">${say({ be: 'Адкуль вядома', en: 'Known from' })}</th></tr></thead>
<tbody>
${Object.entries(trusted).flatMap(([type, issuers]) => issuers.map((issuer) => html`<tr><td>${typeof issuer === 'string' ? issuer : issuer.issuer}</td><td>${type}</td><td>${say({ be: 'налады', en: 'settings' })}</td></tr>`))}
${list?.entries.map((entry) => html`<tr><td>${entry.issuer}</td><td>${entry.types.join(', ')}</td><td>${say({ be: 'спіс', en: 'list' })} ${list.sequence}</td></tr>`)}
</tbody></table>
${
  list === undefined
    ? html`<p>${say({ be: 'Падпісанага спіса няма.', en: 'There is no signed list.' })}</p>`
    : html`<p>${say({ be: 'Спіс', en: 'List' })} ${list.sequence}, ${list.publisher}, ${say({ be: 'да', en: 'until' })} <time datetime="${list.expires.toISOString()}">${list.expires.toISOString().slice(0, 10)}</time>.</p>`
}
${
  canChange &&
  html`<h2>${say({ be: 'Новы спіс', en: 'A new list' })}</h2>
<form method="post" action="/trust">
<label class="field" for="list">${say({ be: 'Падпісаны спіс', en: 'Signed list' })}</label>
<textarea id="list" name="list" required spellcheck="false" autocomplete="off"></textarea>
<label class="field" for="token">${say({ be: 'Ключ адміністратара', en: 'Administrator’s token' })}</label>
<input type="password" id="token" name="token" required autocomplete="current-password">
<p><button type="submit">${say({ be: 'Прыняць спіс', en: 'Take the list' })}</button></p>
</form>`
}
<p><a href="/">${say({ be: 'Да пытанняў', en: 'To the questions' })}</a></p>`,
  })
}

function outcomeOf(say: Say, outcome: readonly Problem[] | 'forbidden'): Html {
  if (outcome === 'forbidden') {
    return html`<p class="notice" role="alert">${say({ be: 'Ключ адміністратара няправільны.', en: 'The administrator’s token is wrong.' })}</p>`
  }
  return outcome.length === 0
    ? html`<p class="notice good" role="status">${say({ be: 'Спіс прыняты.', en: 'The list was taken.' })}</p>`
    : html`<div class="notice" role="alert"><p>${say({ be: 'Спіс не прыняты.', en: 'The list was not taken.' })}</p><ul>${outcome.map((each) => html`<li>${said(say, each)} <code>${each.code}</code></li>`)}</ul></div>`
}
