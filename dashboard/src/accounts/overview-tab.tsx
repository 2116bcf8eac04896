import type { AccountView, SessionView } from '../../../src/contracts/api.ts'
import { Facts } from '../parts/facts.tsx'
import { OutsideLink } from '../parts/outside-link.tsx'
import { now } from '../time/clock.ts'
import { endsText, whenText } from '../time/ist.ts'
import { brokerOf } from './accounts.ts'
import { StatusBadge } from './status-badge.tsx'

const reasons = {
  replaced: 'replaced by a newer session',
  expired: 'its day was over',
  revoked: 'ended by the broker',
  logged_out: 'logged out',
}

const starts = { login: 'a login', renewal: 'a renewal', import: 'an import', approval: 'an approval' }

export function OverviewTab({ account }: { readonly account: AccountView }) {
  const { session } = account
  const links = brokerOf(account)?.links ?? []
  return (
    <>
      <p class="lead">
        <StatusBadge account={account} /> {account.statusText}
      </p>
      {account.redirectNote !== null && (
        <p class="note" data-tone="amber">
          {account.redirectNote}
        </p>
      )}
      {session === null ? <p>No session has been started yet.</p> : <SessionFacts session={session} />}
      <Facts
        rows={[
          ['Account added', whenText(account.createdAt, now.value)],
          ['Last changed', whenText(account.updatedAt, now.value)],
          ['Account id', <code>{account.id}</code>],
        ]}
      />
      {links.length > 0 && (
        <p class="links">
          {links.map((link) => (
            <OutsideLink key={link.url} to={link.url}>
              {link.label}
            </OutsideLink>
          ))}
        </p>
      )}
    </>
  )
}

function SessionFacts({ session }: { readonly session: SessionView }) {
  const list = (words: readonly string[]) => words.join(', ')
  return (
    <Facts
      rows={[
        [
          'Session',
          session.endedAt === null
            ? endsText(session.expiresAt, now.value)
            : endsText(session.endedAt, now.value),
        ],
        ['Ended because', session.endReason && reasons[session.endReason]],
        ['Started', `${whenText(session.loginTime, now.value)} by ${starts[session.startedBy]}`],
        ['Length', `${session.ttlHours} h`],
        ['Generation', String(session.generation)],
        ['User', [session.userName, session.userId].filter((part) => part !== '').join(' · ')],
        ['Short name', session.userShortname],
        ['Email', session.email],
        ['User type', session.userType],
        ['Broker', session.broker],
        ['Exchanges', list(session.exchanges)],
        ['Products', list(session.products)],
        ['Order types', list(session.orderTypes)],
        ['Tokens', list(session.tokenKinds)],
        ['Session id', <code>{session.id}</code>],
      ]}
    />
  )
}
