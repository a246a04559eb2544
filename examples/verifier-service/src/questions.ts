import type { NationTypes } from '@asoba/credentials'
import type { QueryInput } from '@asoba/verifier'
import type { Text } from 'example-kit/page'

/** Something that a partner may want to know, and how it is asked. */
export interface Question {
  readonly id: string
  readonly label: Text
  /** What the partner will learn, and what not. */
  readonly hint: Text
  /** What is known when the answer was accepted. */
  readonly conclusion: Text
  readonly query: QueryInput
}

/** The three questions of this service, over the types of a nation. */
export function questionsFor(nation: NationTypes): readonly [Question, ...Question[]] {
  const format = 'dc+sd-jwt'
  const citizenship = { vct_values: [nation.citizenship.vct] }
  return [
    {
      id: 'citizen',
      label: { be: 'Ці гэта грамадзянін або грамадзянка?', en: 'Is this a citizen?' },
      hint: {
        be: 'Вы даведаецеся толькі «так». Ні імя, ні ўзросту.',
        en: 'You learn “yes” and nothing else. No name, no age.',
      },
      conclusion: {
        be: 'Перад вамі грамадзянін або грамадзянка.',
        en: 'This person is a citizen.',
      },
      query: {
        credentials: [
          {
            id: 'citizen',
            format,
            meta: citizenship,
            claims: [{ path: ['citizen'], values: [true] }],
          },
        ],
      },
    },
    {
      id: 'adult',
      label: { be: 'Ці ёсць 18 гадоў?', en: 'Is this person over 18?' },
      hint: {
        be: 'Вы даведаецеся толькі «18 або больш». Дата нараджэння застаецца ў кашальку.',
        en: 'You learn “18 or over”. The date of birth stays in the wallet.',
      },
      conclusion: { be: 'Гэтай асобе ёсць 18 гадоў.', en: 'This person is 18 or over.' },
      query: {
        credentials: [
          {
            id: 'adult',
            format,
            meta: citizenship,
            claims: [{ path: ['age_equal_or_over', '18'], values: [true] }],
          },
        ],
      },
    },
    {
      id: 'doctor',
      label: {
        be: 'Ці гэта доктар з правам працаваць?',
        en: 'Is this a doctor entitled to practise?',
      },
      hint: {
        be: 'Вы даведаецеся пра спецыяльнасць і права працаваць. Імя і нумар ліцэнзіі застаюцца ў кашальку.',
        en: 'You learn the field and the entitlement. Name and licence number stay in the wallet.',
      },
      conclusion: {
        be: 'Перад вамі доктар з правам працаваць.',
        en: 'This person is a doctor entitled to practise.',
      },
      query: {
        credentials: [
          {
            id: 'doctor',
            format,
            meta: { vct_values: [nation.profession.vct] },
            claims: [
              // ISCO-08: generalist and specialist medical practitioners.
              { path: ['occupation', 'isco_08'], values: ['2211', '2212'] },
              { path: ['entitled_to_practise'], values: [true] },
            ],
          },
        ],
      },
    },
  ]
}
