import type { Text } from 'example-kit/page'

/** What a check looks at, for people who were never told of cryptography. */
export const checks: Readonly<Record<string, { readonly name: Text; readonly why: Text }>> = {
  request: {
    name: { be: 'Адказ на наш запыт', en: 'An answer to our request' },
    why: {
      be: 'Запыт быў ад нас, не скончыўся, і пытанне тое самае.',
      en: 'The request was ours, has not expired, and the question is the same.',
    },
  },
  presentation: {
    name: { be: 'Форма адказу', en: 'Form of the answer' },
    why: {
      be: 'Адказ складзены паводле стандарту.',
      en: 'The answer is made as the standard says.',
    },
  },
  format: {
    name: { be: 'Фармат пасведчання', en: 'Format of the credential' },
    why: { be: 'Мы ўмеем чытаць гэты фармат.', en: 'We can read this format.' },
  },
  form: {
    name: { be: 'Форма пасведчання', en: 'Form of the credential' },
    why: {
      be: 'Пасведчанне складзена паводле стандарту, нічога дадатковага.',
      en: 'The credential is made as the standard says, with nothing added.',
    },
  },
  validity: {
    name: { be: 'Тэрмін', en: 'Dates' },
    why: { be: 'Пасведчанне дзейнічае сёння.', en: 'The credential is valid today.' },
  },
  'issuer-trust': {
    name: { be: 'Давер да таго, хто выдаў', en: 'Trust in the issuer' },
    why: {
      be: 'Той, хто выдаў, ёсць у нашым спісе менавіта для гэтага віду пасведчанняў.',
      en: 'The issuer is on our list for this very kind of credential.',
    },
  },
  signature: {
    name: { be: 'Подпіс', en: 'Signature' },
    why: {
      be: 'Подпіс зрабіў той, хто выдаў; з таго часу нічога не змянілася.',
      en: 'The issuer signed it, and nothing has changed since.',
    },
  },
  'holder-binding': {
    name: { be: 'Сувязь з уладальнікам', en: 'Bound to the holder' },
    why: {
      be: 'Адказвае той, каму пасведчанне выдадзена, а не той, хто яго скапіяваў.',
      en: 'Who answers is whom it was issued to, not somebody with a copy.',
    },
  },
  'holder-signature': {
    name: { be: 'Подпіс уладальніка', en: 'Signature of the holder' },
    why: { be: 'Кашалёк падпісаў гэты адказ.', en: 'The wallet signed this answer.' },
  },
  'audience-and-nonce': {
    name: { be: 'Адказ менавіта нам', en: 'Meant for us' },
    why: {
      be: 'Адказ зроблены для нас і для гэтага запыту.',
      en: 'The answer was made for us and for this request.',
    },
  },
  'certificate-chain': {
    name: { be: 'Ланцуг сертыфікатаў', en: 'Chain of certificates' },
    why: {
      be: 'Сертыфікат вядзе да кораня, якому мы давяраем.',
      en: 'The certificate leads to a root that we trust.',
    },
  },
  type: {
    name: { be: 'Від пасведчання', en: 'Kind of credential' },
    why: {
      be: 'Гэта менавіта той від пасведчання, пра які мы пыталіся.',
      en: 'It is the very kind of credential that we asked for.',
    },
  },
  schema: {
    name: { be: 'Змест', en: 'Content' },
    why: {
      be: 'Звесткі такія, якімі мусяць быць у гэтым відзе пасведчанняў.',
      en: 'The claims are what this kind of credential may hold.',
    },
  },
  status: {
    name: { be: 'Не адклікана', en: 'Not revoked' },
    why: {
      be: 'У спісе таго, хто выдаў, пасведчанне не адклікана. Ён не ведае, на якое мы глядзелі.',
      en: 'The issuer’s list says that it holds. The issuer does not learn which one we looked at.',
    },
  },
  distinct: {
    name: { be: 'Нічога не палічана двойчы', en: 'Nothing counted twice' },
    why: { be: 'Адно пасведчанне — адзін адказ.', en: 'One credential answers one question.' },
  },
  query: {
    name: { be: 'Адказ поўны', en: 'The question is answered' },
    why: {
      be: 'Ёсць усё, пра што мы пыталіся, і нічога іншага.',
      en: 'Everything that we asked for is there, and nothing else.',
    },
  },
  transactions: {
    name: { be: 'Згода на дзеянне', en: 'Consent to the transaction' },
    why: { be: 'Уладальнік пагадзіўся з дзеяннем.', en: 'The holder authorised the transaction.' },
  },
  replay: {
    name: { be: 'Першы раз', en: 'First time' },
    why: {
      be: 'На гэты запыт яшчэ не адказвалі: адказ нельга паказаць двойчы.',
      en: 'Nobody answered this request before: an answer cannot be shown twice.',
    },
  },
}

/** What went wrong, in words; the code says it to machines. */
export const problems: Readonly<Record<string, Text>> = {
  'status.revoked': { be: 'Пасведчанне адклікана.', en: 'The credential was revoked.' },
  'status.suspended': { be: 'Пасведчанне часова прыпынена.', en: 'The credential is suspended.' },
  'status.unavailable': {
    be: 'Спіс адкліканых недасяжны, таму пасведчанне не прынята.',
    en: 'The status list could not be had, so the credential was not accepted.',
  },
  'issuer.untrusted': {
    be: 'Таго, хто выдаў, няма ў нашым спісе для гэтага віду пасведчанняў.',
    en: 'The issuer is not on our list for this kind of credential.',
  },
  'trust-list.expired': { be: 'Наш спіс даверу скончыўся.', en: 'Our trust list has expired.' },
  'jws.signature-invalid': { be: 'Подпіс няправільны.', en: 'The signature is wrong.' },
  'credential.expired': { be: 'Тэрмін пасведчання скончыўся.', en: 'The credential has expired.' },
  'replay.seen': { be: 'На гэты запыт ужо адказалі.', en: 'The request was answered before.' },
  'request.state-expired': { be: 'Запыт скончыўся.', en: 'The request has expired.' },
  'query.unsatisfied': {
    be: 'Адказ не дае таго, пра што мы пыталіся.',
    en: 'The answer does not give what we asked for.',
  },
}

/** Claims that the questions ask for, by their path. */
export const claimNames: Readonly<Record<string, Text>> = {
  citizen: { be: 'Грамадзянства', en: 'Citizen' },
  'age_equal_or_over.18': { be: '18 гадоў або больш', en: '18 or over' },
  'occupation.isco_08': { be: 'Прафесія (код ISCO-08)', en: 'Occupation (ISCO-08 code)' },
  entitled_to_practise: { be: 'Мае права працаваць', en: 'Entitled to practise' },
}
