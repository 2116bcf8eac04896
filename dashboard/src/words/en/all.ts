import { accounts } from './accounts.ts'
import { door } from './door.ts'
import { forms } from './forms.ts'
import { keyboard } from './keyboard.ts'
import { problems } from './problems.ts'
import { shell } from './shell.ts'
import { time } from './time.ts'
import { today } from './today.ts'

/** What the first page says, one file for each part of it. Another language is another folder with the same names. */
export const en = { accounts, door, forms, keyboard, problems, shell, time, today }
