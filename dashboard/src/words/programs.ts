import { programs } from './en/programs.ts'
import { inLanguage, words as ofFirstPage } from './words.ts'

/** What the keys of programs say. */
export const words = { ...ofFirstPage, ...inLanguage({ en: { programs } }) }
