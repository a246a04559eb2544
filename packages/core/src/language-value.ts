import { isJsonObject, type JsonObject } from './json.ts'
import type { Report } from './structure.ts'

const allowed: ReadonlySet<string> = new Set(['@value', '@language', '@direction'])
// The shape of BCP 47; the registry of subtags is not consulted.
const languageTag = /^(?:[a-z]{2,8}|[xi])(?:-[a-z0-9]{1,8}){0,15}$/i

/**
 * Reports `name` and `description` that are neither text nor text in languages.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#language-and-base-direction
 */
export function checkNames(value: JsonObject, at: string, report: Report): void {
  for (const name of ['name', 'description']) {
    if (!Object.hasOwn(value, name)) continue
    const texts = value[name]
    if (typeof texts === 'string') continue
    if (Array.isArray(texts)) {
      if (texts.length === 0) report(`${at}/${name}`, 'must hold a text')
      texts.forEach((text: unknown, index) => {
        checkLanguageValue(text, `${at}/${name}/${index}`, report)
      })
    } else checkLanguageValue(texts, `${at}/${name}`, report)
  }
}

function checkLanguageValue(text: unknown, at: string, report: Report): void {
  if (!isJsonObject(text)) {
    report(at, 'must be a string or a language value object')
    return
  }
  if (typeof text['@value'] !== 'string') report(at, 'a language value object needs @value')
  const { '@language': language, '@direction': direction } = text
  if (language !== undefined && !(typeof language === 'string' && languageTag.test(language))) {
    report(at, '@language must be a language tag')
  }
  if (direction !== undefined && direction !== 'ltr' && direction !== 'rtl') {
    report(at, '@direction must be ltr or rtl')
  }
  if (!Object.keys(text).every((name) => allowed.has(name))) {
    report(at, 'a language value object has nothing but @value, @language and @direction')
  }
}
