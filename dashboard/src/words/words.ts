import { en } from './en/all.ts'

/** What a language has to say. */
export type Words = typeof en

/** By the language's short name. A further language is one line here; what it lacks, TypeScript says. */
const languages: Readonly<Record<string, Words>> = { en }

/** The first of the reader's languages that bhor speaks. */
export const language =
  navigator.languages
    .map((each) => each.split('-')[0] ?? '')
    .find((each) => Object.hasOwn(languages, each)) ?? 'en'

/** For `Intl`: numbers and dates as India writes them in that language. */
export const locale = `${language}-IN`

export const words: Words = languages[language] ?? en
