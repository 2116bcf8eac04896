import { checkAlias } from '../session/ground/fields.ts'

/** The address of an account, and of what lies below it. @throws BhorError `bad_alias` */
export function pathOf(account: string): string {
  return `/v1/accounts/${checkAlias(account)}`
}
