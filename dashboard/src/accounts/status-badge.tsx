import { type AccountView, shownStatus } from '../../../src/contracts/api.ts'
import { Badge } from '../parts/badge.tsx'
import { statusLook } from './status.ts'

export function StatusBadge({ account }: { readonly account: AccountView }) {
  return <Badge look={statusLook[shownStatus(account)]} isStatus />
}
