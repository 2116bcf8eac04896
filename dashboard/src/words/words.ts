import { en } from './en/all.ts'

/** Every language that bhor speaks, by its short name. What one of them lacks, TypeScript says. */
const languages = ['en'] as const
type Language = (typeof languages)[number]

/** The first of the reader's languages that bhor speaks. */
export const language: Language =
  navigator.languages
    .map((each) => each.split('-')[0] ?? '')
    .flatMap((each) => languages.find((known) => known === each) ?? [])[0] ?? 'en'

/** For `Intl`: numbers and dates as India writes them in that language. */
export const locale = `${language}-IN`

export function inLanguage<Words>(spoken: Readonly<Record<Language, Words>>): Words {
  return spoken[language]
}

/** What the first page says. A part that is loaded later has its own words beside these: `settings.ts` and its like. */
export const words = inLanguage({ en })
