import type { AccountView, SessionView } from '../../../../src/contracts/api.ts'
import { Facts } from '../../parts/facts.tsx'
import { OutsideLink } from '../../parts/outside-link.tsx'
import { Panel } from '../../parts/panel.tsx'
import { addressOf } from '../../place.ts'
import { now } from '../../time/clock.ts'
import { endsText, whenText } from '../../time/ist.ts'
import { words } from '../../words/manage.ts'
import { brokerOf } from '../accounts.ts'
import { LifeLine } from '../life-line.tsx'
import { isLive } from '../status.ts'
import { HistoryStrip } from './history-strip.tsx'

/** How the account stands, how it was, and what is known of it. */
export function Overview({ account }: { readonly account: AccountView }) {
  const { session, gate, lastLoginAt, lastProbe, lastFault } = account
  const links = brokerOf(account)?.links ?? []
  const said = words.manage.overview
  const { card } = words.accounts
  const gateWord = words.manage.gate[gate.state]
  return (
    <>
      <Panel title={said.session}>
        <p>{account.statusText}</p>
        {session !== null && isLive(account) && <LifeLine session={session} />}
        {account.redirectNote !== null && (
          <div class="note" data-tone="amber">
            <p>{account.redirectNote}</p>
            <a href={addressOf('accounts', account.account, 'credentials')}>{said.fixRedirect}</a>
          </div>
        )}
        <Facts
          rows={[
            [
              said.gate,
              <>
                {gateWord}. {gate.state === 'closed' && gate.text}{' '}
                <a href={addressOf('accounts', account.account, 'gate')}>{said.seeGate}</a>
              </>,
            ],
            [card.lastLogin, lastLoginAt && whenText(lastLoginAt, now.value)],
            [
              card.lastCheck,
              lastProbe && card.checked(card.verdicts[lastProbe.verdict], whenText(lastProbe.at, now.value)),
            ],
            [
              card.lastFault,
              lastFault && card.fault(lastFault.detail, lastFault.code, whenText(lastFault.at, now.value)),
            ],
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
      </Panel>
      <HistoryStrip account={account} />
      {session !== null && (
        <Panel title={said.facts}>
          <SessionFacts session={session} />
        </Panel>
      )}
      <Panel title={said.account}>
        <Facts
          rows={[
            [words.accounts.fields.group, account.settings.group],
            [said.added, whenText(account.createdAt, now.value)],
            [said.changed, whenText(account.updatedAt, now.value)],
            [said.id, <code key="id">{account.id}</code>],
          ]}
        />
      </Panel>
    </>
  )
}

function SessionFacts({ session }: { readonly session: SessionView }) {
  const said = words.manage.overview
  const list = (texts: readonly string[]) => texts.join(', ')
  return (
    <Facts
      rows={[
        [said.state, endsText(session.endedAt ?? session.expiresAt, now.value)],
        [said.endedBecause, session.endReason && said.reasons[session.endReason]],
        [said.started, said.startedBy(whenText(session.loginTime, now.value), said.ways[session.startedBy])],
        [said.length, said.hours(session.ttlHours)],
        [said.generation, String(session.generation)],
        [said.user, [session.userName, session.userId].filter((part) => part !== '').join(' · ')],
        [said.shortName, session.userShortname],
        [said.email, session.email],
        [said.userType, session.userType],
        [said.broker, session.broker],
        [said.exchanges, list(session.exchanges)],
        [said.products, list(session.products)],
        [said.orderTypes, list(session.orderTypes)],
        [said.tokens, list(session.tokenKinds)],
        [said.sessionId, <code key="id">{session.id}</code>],
      ]}
    />
  )
}
