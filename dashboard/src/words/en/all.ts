import { accounts } from './accounts.ts'
import { forms } from './forms.ts'
import { keyboard } from './keyboard.ts'
import { shell } from './shell.ts'

/** What the first page says, one file for each part of it. Another language is another folder with the same names. */
export const en = { accounts, forms, keyboard, shell }
