import type { AccountView } from '../../../src/contracts/api.ts'

/** Whether the redirect URL leads here from a phone as well: of all addresses only the porch's does. */
export function comesBack(
  { redirectUrl, broker }: Pick<AccountView, 'redirectUrl' | 'broker'>,
  porch: string | null,
): boolean {
  return porch !== null && redirectUrl === `${porch}/callback/${broker}`
}
