import { audit } from './en/audit.ts'
import { inLanguage, words as ofFirstPage } from './words.ts'

/** What the record says. */
export const words = { ...ofFirstPage, ...inLanguage({ en: { audit } }) }
