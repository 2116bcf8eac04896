import { portfolio } from './en/portfolio.ts'
import { inLanguage, words as ofFirstPage } from './words.ts'

/** What the portfolio says, and the trading of an account. */
export const words = { ...ofFirstPage, ...inLanguage({ en: { portfolio } }) }
