import { doctor } from './en/doctor.ts'
import { settings } from './en/settings.ts'
import { inLanguage, words as ofFirstPage } from './words.ts'

/** What the settings say, and the doctor. */
export const words = { ...ofFirstPage, ...inLanguage({ en: { doctor, settings } }) }
