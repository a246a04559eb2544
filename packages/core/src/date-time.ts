const form =
  /^(-?(?:[1-9]\d{3,5}|0\d{3}))-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,18})?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)$/

// What is usual: whole seconds in UTC, on a day that every month has. `Date` reads that right.
const usual = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/

/**
 * The instant of an `xsd:dateTimeStamp`; `undefined` where the text is none: no time
 * zone, a day that is not in the calendar, a leap second.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#validity-period
 */
export function parseDateTimeStamp(text: unknown): Date | undefined {
  if (typeof text !== 'string' || text.length > 64) return undefined
  if (usual.test(text)) return new Date(text)
  const parts = form.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as Six
  const [fraction = '', zone = 'Z'] = parts.slice(7)
  const endOfDay = hour === 24 && minute === 0 && second === 0 && !/[1-9]/.test(fraction)
  if ((hour > 23 && !endOfDay) || minute > 59 || second > 59) return undefined
  // Not `Date.UTC`, which takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  date.setUTCHours(hour, minute, second, Math.floor(Number(`0${fraction}`) * 1000))
  const offset =
    zone === 'Z'
      ? 0
      : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)))
  date.setTime(date.getTime() - offset * 60_000)
  return Number.isNaN(date.getTime()) ? undefined : date
}

type Six = [number, number, number, number, number, number]
