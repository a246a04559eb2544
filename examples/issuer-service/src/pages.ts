import { type Html, html } from 'example-kit/html'
import { type PageOptions, page, type Text } from 'example-kit/page'
import { qrCode } from 'example-kit/qr'
import type { Application, IssuedType } from './application.ts'

const service: Text = { be: 'Рэестр грамадзянства', en: 'Citizenship registry' }
type Say = (text: Text) => string

function shown(request: Request, options: Omit<PageOptions, 'service'>): Response {
  return page(request, { service, ...options })
}

const types: Readonly<Record<IssuedType, Text>> = {
  citizenship: { be: 'Пасведчанне грамадзянства', en: 'Citizenship credential' },
  profession: { be: 'Пасведчанне прафесіі', en: 'Profession credential' },
}

const labels: Readonly<Record<string, Text>> = {
  type: { be: 'Якое пасведчанне', en: 'Which credential' },
  givenName: { be: 'Імя лацінкай', en: 'Given name in Latin letters' },
  familyName: { be: 'Прозвішча лацінкай', en: 'Family name in Latin letters' },
  givenNameBe: { be: 'Імя па-беларуску', en: 'Given name in Belarusian' },
  familyNameBe: { be: 'Прозвішча па-беларуску', en: 'Family name in Belarusian' },
  birthdate: { be: 'Дата нараджэння', en: 'Date of birth' },
  personalNumber: { be: 'Асабісты нумар з дакумента', en: 'Personal number of the document' },
  occupation: { be: 'Код прафесіі (ISCO-08)', en: 'Code of the occupation (ISCO-08)' },
  occupationTitle: { be: 'Назва прафесіі па-англійску', en: 'Name of the occupation in English' },
}

const named = (say: Say, name: string): string => say(labels[name] ?? { be: name, en: name })

/** The first page: what there is for whom. */
export function homePage(request: Request): Response {
  return shown(request, {
    title: service,
    main: (say) => html`
<p>${say({
      be: 'Пасведчанне ў тэлефоне: вы паказваеце толькі тое, што трэба, а мы не даведваемся, каму вы яго паказалі.',
      en: 'A credential on your phone: you show only what is needed, and we do not learn whom you showed it to.',
    })}</p>
<p><a class="button" href="/apply">${say({ be: 'Падаць заяву', en: 'Apply' })}</a></p>
<h2>${say({ be: 'Што мы захоўваем', en: 'What we keep' })}</h2>
<p>${say({
      be: 'Ні імя, ні дакумента, ні здымка. Заява застаецца ў вас; пасля выдачы мы памятаем толькі біты адклікання і метку, па якой без нашага ключа вас не пазнаць.',
      en: 'No name, no document, no photo. The application stays with you; after issuing we remember bits for revocation, and a mark that without our key does not tell who you are.',
    })}</p>
<p><a href="/officer">${say({ be: 'Для службоўцаў', en: 'For officers' })}</a></p>`,
  })
}

/** The form of an application. */
export function applyPage(
  request: Request,
  options: { readonly filled?: Application; readonly wrong?: readonly string[] } = {},
): Response {
  const { filled, wrong = [] } = options
  const field = (
    say: Say,
    name: keyof Application & string,
    more: { type?: string; required?: boolean; autocomplete?: string; ifAny?: boolean } = {},
  ): Html => {
    const { type = 'text', required = true, autocomplete = 'off', ifAny = !required } = more
    const bad = wrong.includes(name)
    return html`<label class="field" for="${name}">${named(say, name)}${ifAny && html` <span class="hint">${say({ be: '(калі ёсць)', en: '(if any)' })}</span>`}</label>
<input id="${name}" name="${name}" type="${type}" maxlength="100" autocomplete="${autocomplete}" value="${filled?.[name] ?? ''}" ${required && html`required`} ${bad && html`aria-invalid="true" aria-describedby="wrong-${name}"`}>
${bad && html`<p class="wrong" id="wrong-${name}">${say({ be: 'Праверце гэтае поле.', en: 'Check this field.' })}</p>`}`
  }
  const chosen = filled?.type ?? 'citizenship'
  return shown(request, {
    status: wrong.length === 0 ? 200 : 422,
    title: { be: 'Заява', en: 'Application' },
    path: '/apply',
    main: (say) => html`
${wrong.length > 0 && html`<p class="notice" role="alert">${say({ be: 'Некаторыя палі трэба выправіць.', en: 'Some fields need to be corrected.' })}</p>`}
<p>${say({ be: 'Напішыце так, як у дакуменце. Мы вернем вам запячатаную заяву; у нас яна не застанецца.', en: 'Write it as in your document. We hand you back a sealed application; it does not stay with us.' })}</p>
<form method="post" action="/apply">
<fieldset><legend>${named(say, 'type')}</legend>
${(['citizenship', 'profession'] as const).map((type) => html`<label><input type="radio" name="type" value="${type}" required ${type === chosen && html`checked`}>${say(types[type])}</label>`)}
</fieldset>
${field(say, 'givenName', { autocomplete: 'given-name' })}
${field(say, 'familyName', { autocomplete: 'family-name' })}
${field(say, 'givenNameBe', { required: false })}
${field(say, 'familyNameBe', { required: false })}
${field(say, 'birthdate', { type: 'date', autocomplete: 'bday' })}
${field(say, 'personalNumber')}
<fieldset><legend>${say({ be: 'Толькі для прафесіі', en: 'For a profession only' })}</legend>
${field(say, 'occupation', { required: false, ifAny: false })}
${field(say, 'occupationTitle', { required: false, ifAny: false })}
</fieldset>
<p><button type="submit">${say({ be: 'Запячатаць заяву', en: 'Seal the application' })}</button></p>
</form>`,
  })
}

/** The sealed application, for the applicant to carry. */
export function appliedPage(request: Request, sealed: string): Response {
  return shown(request, {
    title: { be: 'Ваша заява', en: 'Your application' },
    languages: false,
    main: (say) => html`
<p>${say({ be: 'Пакажыце гэты код службоўцу разам з дакументам. Код дзейнічае сем дзён, прачытаць яго можа толькі рэестр.', en: 'Show this code to an officer together with your document. It holds for seven days, and only the registry can read it.' })}</p>
${qrCode(sealed, say({ be: 'QR-код запячатанай заявы', en: 'QR code of the sealed application' }))}
<details><summary>${say({ be: 'Заява тэкстам', en: 'The application as text' })}</summary><p><code id="application">${sealed}</code></p></details>`,
  })
}

/** The officer's login. */
export function loginPage(request: Request, failed: boolean): Response {
  return shown(request, {
    status: failed ? 403 : 200,
    title: { be: 'Уваход для службоўцаў', en: 'Officers’ login' },
    path: '/officer',
    main: (say) => html`
${failed && html`<p class="notice" role="alert">${say({ be: 'Імя або пароль няправільныя. Пасля некалькіх спроб трэба пачакаць хвіліну.', en: 'Name or password is wrong. After several attempts you have to wait a minute.' })}</p>`}
<form method="post" action="/officer/login">
<label class="field" for="name">${say({ be: 'Імя ўваходу', en: 'Login name' })}</label>
<input id="name" name="name" type="text" required autocomplete="username">
<label class="field" for="password">${say({ be: 'Пароль', en: 'Password' })}</label>
<input id="password" name="password" type="password" required autocomplete="current-password">
<p><button type="submit">${say({ be: 'Увайсці', en: 'Log in' })}</button></p>
</form>`,
  })
}

/** Where an officer reads applications and revokes. */
export function deskPage(
  request: Request,
  options: { readonly notice?: Text; readonly good?: boolean; readonly status?: number } = {},
): Response {
  const { notice, good = false, status = 200 } = options
  return shown(request, {
    status,
    title: { be: 'Стол службоўца', en: 'Officer’s desk' },
    path: '/officer',
    main: (say) => html`
${notice && html`<p class="notice ${good && 'good'}" role="${good ? 'status' : 'alert'}">${say(notice)}</p>`}
<form method="post" action="/officer/application">
<label class="field" for="application">${say({ be: 'Запячатаная заява', en: 'Sealed application' })}</label>
<p class="hint" id="application-hint">${say({ be: 'Наставіўшы курсор сюды, адсканіруйце код заяўніка або ўстаўце тэкст.', en: 'With the cursor here, scan the applicant’s code or paste the text.' })}</p>
<textarea id="application" name="application" required spellcheck="false" autocomplete="off" aria-describedby="application-hint"></textarea>
<p><button type="submit">${say({ be: 'Адкрыць заяву', en: 'Open the application' })}</button></p>
</form>
<h2>${say({ be: 'Адклікаць', en: 'Revoke' })}</h2>
<form method="post" action="/officer/revoke">
<fieldset><legend>${named(say, 'type')}</legend>
${(['citizenship', 'profession'] as const).map((type) => html`<label><input type="radio" name="type" value="${type}" required>${say(types[type])}</label>`)}
</fieldset>
<label class="field" for="personalNumber">${named(say, 'personalNumber')}</label>
<input id="personalNumber" name="personalNumber" type="text" required autocomplete="off" maxlength="100">
<p><button type="submit" class="plain">${say({ be: 'Адклікаць усё выдадзенае', en: 'Revoke all that was issued' })}</button></p>
</form>
<form method="post" action="/officer/logout"><p><button type="submit" class="plain">${say({ be: 'Выйсці', en: 'Log out' })}</button></p></form>`,
  })
}

/** One application, to be held against document and person. */
export function reviewPage(
  request: Request,
  options: {
    readonly application: Application
    readonly sealed: string
    readonly known: boolean
  },
): Response {
  const { application, sealed, known } = options
  const { type, ...rest } = application
  return shown(request, {
    title: { be: 'Праверце заяву', en: 'Check the application' },
    languages: false,
    main: (say) => html`
<dl><dt>${named(say, 'type')}</dt><dd>${say(types[type])}</dd>
${Object.entries(rest).map(([name, value]) => value !== '' && html`<dt>${named(say, name)}</dt><dd>${value}</dd>`)}</dl>
${known && html`<p class="notice">${say({ be: 'Па гэтым нумары ўжо выдавалі. Калі ўхваліць, ранейшыя копіі будуць адкліканы.', en: 'This number was issued to before. If you approve, the former copies are revoked.' })}</p>`}
<form method="post" action="/officer/approve">
<input type="hidden" name="application" value="${sealed}">
<label><input type="checkbox" name="document" value="yes" required>${say({ be: 'Дакумент сапраўдны, і звесткі супадаюць', en: 'The document is genuine and agrees with this' })}</label>
<label><input type="checkbox" name="person" value="yes" required>${say({ be: 'Чалавек перада мной — той самы', en: 'The person before me is the one' })}</label>
<p><button type="submit">${say({ be: 'Ухваліць', en: 'Approve' })}</button> <a href="/officer">${say({ be: 'Не ўхваляць', en: 'Do not approve' })}</a></p>
</form>`,
  })
}

/** The offer, for the person's wallet. */
export function offerPage(
  request: Request,
  options: {
    readonly link: string
    readonly txCode?: string | undefined
    readonly minutes: number
  },
): Response {
  const { link, txCode, minutes } = options
  return shown(request, {
    title: { be: 'Пакажыце код чалавеку', en: 'Show the code to the person' },
    languages: false,
    main: (say) => html`
<p>${say({ be: 'Чалавек скануе код кашальком. Хвілін на гэта:', en: 'The person scans the code with the wallet. Minutes for it:' })} ${minutes}.</p>
${qrCode(link, say({ be: 'QR-код прапановы для кашалька', en: 'QR code of the offer for the wallet' }))}
${txCode !== undefined && html`<p>${say({ be: 'Скажыце ўголас, калі кашалёк спытае:', en: 'Say aloud when the wallet asks:' })}</p><p class="code" id="transaction-code">${txCode}</p>`}
<details><summary>${say({ be: 'Кашалёк на гэтай прыладзе', en: 'The wallet is on this device' })}</summary>
<p><a class="button plain" href="${link}">${say({ be: 'Адкрыць кашалёк', en: 'Open the wallet' })}</a></p><p><code id="link">${link}</code></p></details>
<p><a class="button" href="/officer">${say({ be: 'Наступны', en: 'Next' })}</a></p>`,
  })
}

/** Login and consent in one: the digits, and yes or no. */
export function agreePage(
  request: Request,
  options: { readonly type: IssuedType; readonly session: string; readonly wrong?: boolean },
): Response {
  const { type, session, wrong = false } = options
  return shown(request, {
    status: wrong ? 422 : 200,
    title: { be: 'Узяць у кашалёк?', en: 'Take it into the wallet?' },
    languages: false,
    main: (say) => html`
${wrong && html`<p class="notice" role="alert">${say({ be: 'Лічбы няправільныя. Пасля пяці памылак трэба зноў ісці да службоўца.', en: 'The digits are wrong. After five mistakes you have to go to the officer again.' })}</p>`}
<p>${say({ be: 'Кашалёк на гэтай прыладзе просіць:', en: 'The wallet on this device asks for:' })} <strong>${say(types[type])}</strong>.</p>
<form method="post" action="/agree">
<input type="hidden" name="session" value="${session}">
<label class="field" for="digits">${say({ be: 'Шэсць лічбаў, якія сказаў службовец', en: 'The six digits that the officer said' })}</label>
<input id="digits" name="digits" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required ${wrong && html`aria-invalid="true"`}>
<p><button type="submit" name="answer" value="yes">${say({ be: 'Узяць', en: 'Take it' })}</button>
<button type="submit" name="answer" value="no" class="plain" formnovalidate>${say({ be: 'Не трэба', en: 'No, thanks' })}</button></p>
</form>`,
  })
}

/** Back to the wallet, at once or by the link. */
export function backPage(request: Request, to: string): Response {
  return shown(request, {
    title: { be: 'Назад у кашалёк', en: 'Back to the wallet' },
    languages: false,
    headers: { refresh: `0; url=${to}` },
    main: (say) =>
      html`<p><a class="button" id="wallet" href="${to}">${say({ be: 'Адкрыць кашалёк', en: 'Open the wallet' })}</a></p>`,
  })
}

/** What a wallet asked for cannot be gone on with here. */
export function overPage(request: Request): Response {
  return shown(request, {
    status: 410,
    title: { be: 'Так не атрымаецца', en: 'This does not work' },
    languages: false,
    main: (say) => html`
<p class="notice">${say({ be: 'Запыт скончыўся, або пачаты без службоўца. Схадзіце да службоўца па новую прапанову.', en: 'The request is over, or was begun without an officer. Go to an officer for another offer.' })}</p>
<p><a class="button" href="/apply">${say({ be: 'Падаць заяву', en: 'Apply' })}</a></p>`,
  })
}
