/** Text that is HTML already: everything else is escaped. */
export interface Html {
  readonly html: string
}

type Part = Html | string | number | undefined | false | readonly Part[]

/** HTML from a template; what is put in is escaped, unless it is {@link Html} itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((text, next, at) => text + written(parts[at - 1]) + next) }
}

/** HTML that somebody else made and that is known to be safe: an SVG of a library. */
export function trustedHtml(text: string): Html {
  return { html: text }
}

function written(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'object') {
    return 'html' in part ? part.html : part.map((each) => written(each)).join('')
  }
  return String(part).replace(
    /[&<>"']/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#39;',
  )
}
