import { manage } from './en/manage.ts'
import { inLanguage, words as ofFirstPage } from './words.ts'

/** What the page of an account says. */
export const words = { ...ofFirstPage, ...inLanguage({ en: { manage } }) }
