import { audit } from './audit.ts'
import { programs } from './programs.ts'
import { shell } from './shell.ts'

/** Every word of the page, one file for each part of it. Another language is another folder with the same names. */
export const en = { shell, audit, programs }
