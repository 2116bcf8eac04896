import { accounts } from './accounts.ts'
import { audit } from './audit.ts'
import { doctor } from './doctor.ts'
import { forms } from './forms.ts'
import { keyboard } from './keyboard.ts'
import { portfolio } from './portfolio.ts'
import { programs } from './programs.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'

/** Every word of the page, one file for each part of it. Another language is another folder with the same names. */
export const en = { accounts, audit, doctor, forms, keyboard, portfolio, programs, settings, shell }
