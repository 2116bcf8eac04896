import { accounts } from './accounts.ts'
import { doctor } from './doctor.ts'
import { forms } from './forms.ts'
import { keyboard } from './keyboard.ts'
import { portfolio } from './portfolio.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'

/** Every word of the page, one file for each part of it. Another language is another folder with the same names. */
export const en = { accounts, doctor, forms, keyboard, portfolio, settings, shell }
