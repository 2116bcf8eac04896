import { nextIst } from '../../core/ist.ts'
import type { Answer } from '../answer.ts'
import { textOf } from '../call.ts'
import type { Visit } from '../module.ts'
import { escapeHtml, page } from '../pages.ts'
import { opaqueToken } from '../tokens.ts'
import type { AskedApproval, World } from '../world.ts'
import { loginError, upstoxError, upstoxSuccess } from './errors.ts'
import { dayEnds, openAccess } from './session.ts'
import { accent, noNotifierStatus } from './unverified.ts'

const lateMs = 5_000

/** `POST /v3/login/auth/token/request/:client_id`: asks the person on the phone. */
export function askForApproval({ world, call, params }: Visit): Answer {
  const app = world.apps.get(params.client ?? '')
  if (!app || app.apiSecret !== textOf(call.fields, 'client_secret')) return loginError('UDAPI100069')
  const notifierUrl = world.notifiers.get(app.apiKey)
  if (notifierUrl === undefined)
    return upstoxError(noNotifierStatus, 'UDAPI1123', 'Notifier URL is not configured for this app')
  const id = opaqueToken(world.random, 24)
  const { userId } = world.personOf(app)
  world.approvals.issue(id, { id, apiKey: app.apiKey, userId, notifierUrl })
  const lapses = nextIst(dayEnds, world.now()).epochMilliseconds
  return upstoxSuccess({ authorization_expiry: String(lapses), notifier_url: notifierUrl })
}

/** `GET /approvals`: what the persons' phones show. */
export function showApprovals({ world }: Visit): Answer {
  const cards = world.approvals.all().map(
    ({ id, apiKey, userId }) => `<form method="post" action="/approvals/${id}">
<h2>${escapeHtml(world.users.get(userId)?.name ?? userId)}, ${escapeHtml(userId)}</h2>
<p>May the app <strong>${escapeHtml(apiKey)}</strong> have an access token of yours until 03:30?</p>
<button name="answer" value="approve">Approve</button>
<button class="quiet" name="answer" value="reject">Reject</button>
</form>`,
  )
  const nothing = '<p>Nothing waits for an approval.</p>'
  return page('Approvals', `<h1>On your phone</h1>${cards.join('') || nothing}`, accent)
}

/** `POST /approvals/:id`: the tap. A refusal is told to nobody. */
export function answerApproval({ world, call, params }: Visit): Answer {
  const asked = world.approvals.take(params.id ?? '')
  if (!asked) return page('Approvals', '<p role="alert">This request is over.</p>', accent, 404)
  if (textOf(call.fields, 'answer') !== 'approve')
    return page('Approvals', '<h1>Rejected</h1><p>The app gets nothing.</p>', accent)
  post(world, asked, call.notifier)
  return page('Approvals', '<h1>Approved</h1><p>The app gets its token now.</p>', accent)
}

function post(world: World, asked: AskedApproval, fault: Visit['call']['notifier']): void {
  const { apiKey, notifierUrl } = asked
  const isWrongUser = fault?.kind === 'notifier_wrong_user'
  const user = isWrongUser ? world.users.otherThan(asked.userId) : world.users.get(asked.userId)!
  const { accessToken } = openAccess(world, apiKey, user.userId)
  if (fault?.kind === 'notifier_never') return
  const body = {
    client_id: fault?.kind === 'notifier_wrong_client' ? `${apiKey}x` : apiKey,
    user_id: user.userId,
    access_token: accessToken,
    token_type: 'Bearer',
    expires_at: String(nextIst(dayEnds, world.now()).epochMilliseconds),
    issued_at: String(world.now().epochMilliseconds),
    message_type: 'access_token',
  }
  const text = fault?.kind === 'notifier_garbage' ? '{"client_id":<<<' : JSON.stringify(body)
  const delayMs = fault?.kind === 'notifier_late' ? (fault.delayMs ?? lateMs) : 0
  for (let times = fault?.kind === 'notifier_twice' ? 2 : 1; times > 0; times--)
    world.post(notifierUrl, text, delayMs)
}
